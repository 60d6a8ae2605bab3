"""Workers: a pool of processes that outlives the death of any of them.

One thread a process, models loaded once, and a time-out for each job. Shared by the shells that look at many photos.

Own code, since `concurrent.futures` gives up the whole pool when one process dies and knows no time-out for a job that
runs, `multiprocessing.Pool` waits for ever for the job of a dead process, and Pebble, which does both well, is under
the LGPL.
"""

from photoscan.workers.pool import Workers
from photoscan.workers.worker import tell

__all__ = ["Workers", "tell"]

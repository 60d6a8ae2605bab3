"""A batch on Ray: the same rows as on one computer, from as many machines as a cluster has.

`cluster.py` finds or starts Ray, `actor.py` is what runs on each of its machines, `executor.py` spreads the jobs and
outlives the loss of any machine, `data.py` is for those who have a Dataset of Ray Data. Nothing here loads Ray itself
before it is needed.
"""

from photoscan.batch.ray.cluster import check_ray, connected
from photoscan.batch.ray.data import Inspector
from photoscan.batch.ray.executor import RayExecutor

__all__ = ["Inspector", "RayExecutor", "check_ray", "connected"]

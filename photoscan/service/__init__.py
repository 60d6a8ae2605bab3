"""The check before an upload, as an HTTP service: `photoscan serve`.

The process that speaks HTTP never looks inside a photo: bytes go by pipe to worker processes, which are replaced when a
photo kills them or takes too long. Nothing of a photo is written anywhere, and no answer, log or metric holds a value
in clear.
"""

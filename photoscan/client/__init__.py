"""Clients for `photoscan serve`. This one needs nothing but Python; `photoscan.client.aio` has one that is awaited.

with Client("http://127.0.0.1:8000") as client:
    check = client.check("photo.jpg", policy="platform")
    if check.decision != "allow": ...
"""

from photoscan.client.answers import Album, Check, Cleaned, Gated
from photoscan.client.blocking import Client
from photoscan.client.bodies import PhotoSource
from photoscan.client.failures import ServiceError
from photoscan.client.terms import KEY_VARIABLE

__all__ = ["KEY_VARIABLE", "Album", "Check", "Cleaned", "Client", "Gated", "PhotoSource", "ServiceError"]

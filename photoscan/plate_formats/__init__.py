"""Which country's plate could a text be? The forms are data: `rules/plates/*.toml`."""

from photoscan.plate_formats.issuers import Issuer, issuer
from photoscan.plate_formats.matching import PlateMatch, compacted, explained, is_other, is_ticket, match

__all__ = ["Issuer", "PlateMatch", "compacted", "explained", "is_other", "is_ticket", "issuer", "match"]

"""The ends of what a mask shows: the last that is shown, and the first that is not."""

from __future__ import annotations

from typing import Any

import pytest

from photoscan.kind import Kind
from photoscan.masking import mask
from photoscan.masking.marks import share

WIFI: dict[str, Any] = {"payload": "wifi"}
BOUNDS: list[tuple[Kind, str, str]] = [
    # quarters of the globe in every notation and case: a place shown with a wrong sign is another place
    (Kind.METADATA_GPS, "3°08'21.4\"N 101°41'13.2\"E", "3.13, 101.68"),
    (Kind.METADATA_GPS, "3°08'21.4\"S 101°41'13.2\"W", "-3.13, -101.68"),
    (Kind.METADATA_GPS, "3°08'21.4\"s 101°41'13.2\"w", "-3.13, -101.68"),
    (Kind.METADATA_GPS, "3,8.3567s 101,41.22w", "-3.13, -101.68"),
    (Kind.METADATA_GPS, "3.139001 S, 101.686901 E", "-3.13, 101.68"),
    (Kind.METADATA_GPS, "-03.1390-101.6869/", "-3.13, -101.68"),
    # the poles and the line of dates are on the globe, what lies behind them is not
    (Kind.METADATA_GPS, "90.0, 180.0", "90.00, 180.00"),
    (Kind.METADATA_GPS, "-90.0, -180.0", "-90.00, -180.00"),
    (Kind.METADATA_GPS, "90.01, 10.0", "•••••••••••"),
    (Kind.METADATA_GPS, "10.0, 180.01", "••••••••••••"),
    # seconds count
    (Kind.METADATA_GPS, "3°08'59\"N 101°41'59\"E", "3.14, 101.69"),
    (Kind.METADATA_GPS, "3,8.399N 101,41.399E", "3.13, 101.68"),  # no seconds are none
    (Kind.TEXT_PERSON, "  ", "••"),
    # a mark for each of sixteen characters; of more their number
    (Kind.METADATA_SERIAL, "X" * 15, "•" * 15),
    (Kind.METADATA_SERIAL, "X" * 16, "•" * 16),
    (Kind.METADATA_SERIAL, "X" * 17, "•••••••• (17)"),
    # words one by one up to six
    (Kind.METADATA_COMMENT, "a b c d e f", " ".join(["•••"] * 6)),
    (Kind.METADATA_COMMENT, "a b c d e f g", "••• ••• ••• … (7)"),
    (Kind.METADATA_COMMENT, "a b", "••• •••"),
    (Kind.TEXT_PERSON, "Aina", "A."),
    (Kind.TEXT_PERSON, "Ana Bea Cia Dea Eva Fia", "A. B. C. D. E. F."),
    (Kind.TEXT_PERSON, "Ana Bea Cia Dea Eva Fia Gia", "•••••••• (27)"),
    # the name of a network is as long as networks' names are
    (Kind.CODE_QR, "R" * 32, "wifi: " + "R" * 32),
    (Kind.CODE_QR, "R" * 33, "wifi"),
    (Kind.CODE_QR, "é" * 16, "wifi: " + "é" * 16),
    (Kind.CODE_QR, "é" * 17, "wifi"),
]


@pytest.mark.parametrize(("kind", "value", "shown"), BOUNDS)
def test_the_ends_of_what_is_shown(kind: Kind, value: str, shown: str) -> None:
    if kind is Kind.CODE_QR:
        assert mask(kind, f"WIFI:T:WPA;S:{value};P:7kelisa7;;", WIFI | {"value_network": value}) == shown
    else:
        assert mask(kind, value) == shown


@pytest.mark.parametrize(
    ("host", "shown"),
    [("a." * 119 + "facebook.com", "facebook.com/•••"), ("a." * 121 + "facebook.com", "facebook.com/•••"),
     ("a." * 122 + "facebook.com", "•••••••• (256)"), ("a." * 300 + "facebook.com", "•••••••• (612)")],
)  # fmt: skip
def test_a_host_is_no_longer_than_hosts_can_be(host: str, shown: str) -> None:
    """254 characters with the last dot (RFC 1035)."""
    assert mask(Kind.TEXT_URL, host) == shown


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [("kelisa", "xxelisxx", True), ("kelisa", "xxelixx", False), ("kelisa", "ke li sa", True), ("KELI", "keli", True),
     ("abc", "xxabcxx", True), ("abc", "xxabxcx", False), ("a", "bab", True), ("", "kelisa", False),
     ("kelisa", "", False), ("", "", False), ("-- --", "- -", False), ("k-e_l.i", "keli", True),
     ("xxxx7731", "7731yyyy", True), ("xxxx773", "773yyyy", False)],
)  # fmt: skip
def test_four_in_a_row_are_no_chance(one: str, other: str, common: bool) -> None:
    assert share(one, other) is common
    assert share(other, one) is common

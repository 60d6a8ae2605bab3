"""What codes say is searched by every detector of text: what has to be found in them, and what must not be."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from photoscan.detectors import REGISTRY
from photoscan.finding import Finding, Region
from photoscan.kind import Kind, Severity
from photoscan.textual import payloads
from photoscan.views import Views
from photoscan.vision.codes import Code
from tests.textual.test_payloads import emv, tlv

PLACE = ((10.0, 10.0), (110.0, 10.0), (110.0, 110.0), (10.0, 110.0))


def inside(text: str, symbology: str = "QRCode") -> list[Finding]:
    """What the detectors of text find in a photo with one code and no writing."""
    page = SimpleNamespace(width=200, height=200)
    views: Any = SimpleNamespace(lines=(), codes=(Code(symbology, text, PLACE),), pyramid=page, page=0)
    return [f for d in REGISTRY if d.source == "text" for f in d.find(cast("Views", views))]


def likely(text: str, symbology: str = "QRCode") -> set[str]:
    return {f.kind.value for f in inside(text, symbology) if f.likely}


PIX = "br.gov.bcb.pix"
MUST_FIND: list[tuple[str, set[str]]] = [
    ("850713-08-5521", {"text.national_id"}),
    ('{"nama": "Aina Rahman", "no_kp": "850713-08-5521"}', {"text.national_id"}),
    ("IC: 850713085521|Tel: 012-773 1904", {"text.national_id", "text.phone"}),
    (emv(tlv("00", PIX) + tlv("01", "11144477735")), {"text.national_id"}),
    (emv(tlv("00", PIX) + tlv("01", "+5511987654321")), {"text.phone"}),
    (emv(tlv("00", PIX) + tlv("01", "rosa@example.com")), {"text.email"}),
    (emv(tlv("00", "A0000006150001") + tlv("01", "890053") + tlv("02", "107635402")), {"text.bank_account"}),
    (emv(tlv("00", "ID.CO.BCA.WWW") + tlv("01", "936000140000123456")), {"text.bank_account"}),
    (emv(tlv("00", "SG.PAYNOW") + tlv("01", "0") + tlv("02", "+6591234567")), {"text.phone"}),
    (emv(tlv("00", "A000000677010111") + tlv("01", "0066812345678"), at="29"), {"text.phone"}),
    (emv(tlv("00", "A000000677010111") + tlv("02", "1101700230708"), at="29"), {"text.national_id"}),
    (emv(tlv("00", "A000000727") + tlv("01", tlv("00", "970436") + tlv("01", "0011004200315")), at="38"),
     {"text.bank_account"}),
    ("BEGIN:VCARD\nFN:Helga Brandt\nTEL:+49301234567\nEMAIL:helga@example.com\nNOTE:IC 850713-08-5521\nEND:VCARD",
     {"text.person", "text.phone", "text.email", "text.national_id"}),
    ("WIFI:T:WPA;S:Rumah;P:kite47bird;;", {"text.secret"}),
    ("otpauth://totp/Toko:aina@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Toko", {"text.secret", "text.email"}),
    ("https://example.com/staff?ic=880523-14-6021&phone=%2B60123456789", {"text.national_id", "text.phone"}),
    ("https://line.me/ti/p/~hana2041", {"text.handle"}),
    ("https://www.nfce.fazenda.sp.gov.br/qrcode?chNFe=35200114200166000187650010000000461550000467&cDest=11144477735",
     {"text.national_id"}),
    ("BCD\n002\n1\nSCT\nBANKDEFF\nAina Rahman\nDE02120300000000202051\nEUR12", {"text.bank_account"}),
    ("geo:3.139003,101.686855?q=Rumah", {"text.place"}),
    ("https://www.google.com/maps/@3.139003,101.686855,17z", {"text.place"}),
    ("HC1:6BFOXN%TSMAHN-HBP6LBH2", {"text.medical"}),
]  # fmt: skip
MUST_NOT_FIND = [
    "https://www.museum.example/en/explore/mona-lisa",
    "https://shop.example/p/4006381333931?utm_source=poster&utm_id=20260713",
    "https://play.google.com/store/apps/details?id=com.example.rider",
    "https://bit.ly/3xYzAbC",
    "https://transit.example/stop/88213?dir=2",
    "https://docs.example/sign?hash=11144477735&token=850713085521",
    "TABLE 14",
    "Lot 22-1187 / 2026-03",
    "000123000456",
    "20260713-0001",
    emv(tlv("00", PIX) + tlv("01", "123e4567-e12b-12d1-a456-426655440000")),
    emv(tlv("00", "SG.PAYNOW") + tlv("01", "2") + tlv("02", "201403121W")),
    "bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "FIDO:/081342176215347218637218",
    "237497180427052647783300246878396583799255456489987408759166130356134643238983204787052430218690" * 4,
    "2@nF8sTzYp3vGq/0RkX=,1aBcD+efGhIjKlMnOpQrStUvWxYz0123456789ABCDE=",
    "0109506000134352 17271231 10ABC123",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kinds"), MUST_FIND)
def test_what_a_code_says_is_searched(text: str, kinds: set[str]) -> None:
    assert kinds <= likely(text)


@pytest.mark.parametrize("text", MUST_NOT_FIND)
def test_what_says_nothing_personal_gives_nothing(text: str) -> None:
    assert not likely(text) - {"text.bank_account"}
    assert "text.bank_account" not in likely(text) or text.startswith("000201")


def test_what_is_found_lies_where_the_code_lies_and_says_so() -> None:
    (found,) = [f for f in inside("850713-08-5521") if f.likely]
    assert found.kind is Kind.TEXT_NATIONAL_ID
    assert found.severity is Severity.CRITICAL
    assert isinstance(found.location, Region)
    # The quiet zone is covered as well.
    assert found.location.box.x < 10 < 110 < found.location.box.x2
    assert found.attributes["in_code"] == "QRCode"
    assert found.reason.startswith("in a code: ")


def test_numbers_of_barcodes_are_searched_and_only_what_is_likely_is_told() -> None:
    assert likely("850713-08-5521", "Code39") == {"text.national_id"}
    assert not [f for f in inside("60123456789", "Code128") if not f.likely]
    assert not inside("9556001234567", "EAN13")


def test_a_page_that_a_code_opens_is_not_told_twice() -> None:
    assert not [f for f in inside("see https://example.com/join?token=a1b2c3") if f.kind is Kind.TEXT_URL]


@pytest.mark.parametrize("symbology", ["ITF", "Code128", "QRCode"])
def test_long_numbers_of_bills_are_known(symbology: str) -> None:
    invoice = "35200114200166000187550010000000461550000467"
    bill = "34191790010104351004791020150008291070026000"
    assert payloads.read(symbology, invoice).scheme == "NF-e"
    assert payloads.read(symbology, invoice[:-1] + "8").scheme is None
    check = next(d for d in "123456789" if payloads.read(symbology, bill[:4] + d + bill[5:]).scheme == "Boleto")
    assert payloads.read(symbology, bill[:4] + str(int(check) % 9 + 1) + bill[5:]).scheme is None

"""What codes say, and whole documents: drawn ones, found and covered; look-alikes left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from fixtures.canvas import Picture, blank, letters
from photoscan import Scanner
from photoscan.detectors.code import understand
from photoscan.finding import Finding
from photoscan.geometry import Box
from photoscan.kind import Kind, Severity
from photoscan.options import ScanOptions
from photoscan.textual import payloads
from tests.properties import sample

BOARDING_PASS = "M1BRANDT/HELGA        EK7QX2M KULSINMH 0603 148Y012A0031 100"

PAYLOADS: list[tuple[str, str, str | None, dict[str, str]]] = [
    # what the code says; the sort and the scheme of it; some of its parts
    ("WIFI:T:WPA;S:Casa\\;Lima;P:mango47;;", "wifi", None, {"network": "Casa;Lima", "password": "mango47"}),
    ("BEGIN:VCARD\nFN:Helga Brandt\nTEL;TYPE=cell:+49301234567\nEND:VCARD", "contact", None, {"name": "Helga Brandt"}),
    ("MECARD:N:Brandt,Helga;TEL:+49301234567;;", "contact", None, {"phone": "+49301234567"}),
    ("otpauth://totp/Bank:helga?secret=JBSWY3DP&issuer=Bank", "authenticator", None, {"account": "Bank:helga"}),
    (
        "00020126360014br.gov.bcb.pix0114+55119900000005204000053039865802BR5910ROSA LIMA 6008CAMPINAS6304ABCD",
        "payment",
        "PIX",
        {"key": "+5511990000000", "city": "CAMPINAS"},
    ),
    ("00020101021126150011ID.CO.QRIS.5802ID5906WARUNG63041234", "payment", "QRIS", {"name": "WARUNG"}),
    ("BCD\n002\n1\nSCT\n\nHelga Brandt\nDE02120300000000202051\nEUR1", "payment", "SEPA", {"name": "Helga Brandt"}),
    ("upi://pay?pa=asha@bank&pn=Asha", "payment", "UPI", {"key": "asha@bank"}),
    (BOARDING_PASS, "boarding_pass", None, {"name": "BRANDT/HELGA", "booking": "K7QX2M", "route": "KUL-SIN"}),
    (
        "@\n\x1e\rANSI 636000080002DL\nDAQD1234567\nDCSBRANDT\nDACHELGA\n",
        "driving_licence",
        None,
        {"number": "D1234567"},
    ),
    ("https://example.com/menu", "url", None, {}),
    ("https://example.com/join?token=a1b2", "link", None, {"token": "a1b2"}),
    ("https://wa.me/60123456789", "link", "WhatsApp", {"phone": "+60123456789"}),
    ("https://t.me/kopisenja", "link", "Telegram", {"account": "@kopisenja"}),
    ("https://set.me/menu", "url", None, {}),
    (
        "BEGIN:VCARD\nTEL:+49301234567\nTEL:+491701234567\nN:Brandt;Helga\nEND:VCARD",
        "contact",
        None,
        {"phone": "+49301234567, +491701234567", "name": "Brandt, Helga"},
    ),
    (
        "MECARD:N:Brandt,Helga;TEL:+49301234567;TEL:+491701234567;;",
        "contact",
        None,
        {"phone": "+49301234567, +491701234567"},
    ),
    ("SMSTO:+60123456789:hi", "phone", None, {"phone": "+60123456789"}),
    ("sms:+60123456789?body=hi", "phone", None, {"phone": "+60123456789"}),
    ("tel:+60123456789", "phone", None, {"phone": "+60123456789"}),
    ("mailto:helga@example.com?subject=hi", "email", None, {"email": "helga@example.com"}),
    ("MATMSG:TO:helga@example.com;SUB:hi;;", "email", None, {"email": "helga@example.com"}),
    # malformed ones
    ("http://[x", "url", None, {}),
    ("https://[x/join?token=a1b2", "link", None, {"token": "a1b2"}),
    ("otpauth://[x?secret=ABC", "authenticator", None, {"secret": "ABC"}),
    ("upi://[x?pa=asha@bank", "payment", "UPI", {"key": "asha@bank"}),
    ("00020101\u00b2\u00b2x", "payment", "EMV", {}),
    ("geo:3.15,101.7", "place", None, {}),
    ("hello", "text", None, {}),
]


@pytest.mark.parametrize(("text", "sort", "scheme", "parts"), PAYLOADS)
def test_payloads(text: str, sort: str, scheme: str | None, parts: dict[str, str]) -> None:
    payload = payloads.understand(text)
    assert (payload.sort, payload.scheme) == (sort, scheme)
    assert parts.items() <= payload.parts.items()


def test_a_password_and_a_key_are_critical_and_a_menu_is_low() -> None:
    severities = {text: understand("QRCode", text)[1].severity for text, *_ in PAYLOADS}
    assert severities["WIFI:T:WPA;S:Casa\\;Lima;P:mango47;;"] is Severity.CRITICAL
    assert severities["https://example.com/menu"] is Severity.LOW
    assert understand("EAN13", "4006381333931")[1].severity is Severity.LOW


@given(st.text(max_size=200))
def test_any_payload_is_survived(text: str) -> None:
    assert payloads.understand(text).sort


DUITNOW = "00020101021126350014A000000615000101065887340203XYZ5303458540510.005802MY5906WARUNG6304ABCD"
WHOLE = [*(text for text, *_ in PAYLOADS), DUITNOW, "bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT"]
HOSTILE = st.one_of(st.characters(), st.sampled_from("[]:;@?&=%\\/\u00b2\u0661\uff10\n"))


@given(st.sampled_from(WHOLE), st.data())
def test_payloads_cut_off_and_changed_are_survived(whole: str, data: st.DataObject) -> None:
    """Beginnings are kept, so that each reader gets what it takes for its own."""
    characters = list(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(characters)))
        characters[at : at + data.draw(st.integers(0, 2))] = data.draw(HOSTILE)
    payload = payloads.understand("".join(characters))
    assert payload.sort
    assert all(isinstance(part, str) for part in payload.parts.values())


def with_code(picture: Picture, text: str, kind: str, at: tuple[int, int], size: int) -> Box:
    code = np.array(zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)).to_image(scale=4))
    height = round(size * code.shape[0] / code.shape[1])
    drawn = cv2.resize(code, (size, height), interpolation=cv2.INTER_AREA)
    picture[at[1] : at[1] + height, at[0] : at[0] + size] = drawn[:, :, None] if drawn.ndim == 2 else drawn
    return Box(at[0], at[1], size, height)


def documents(picture: Picture) -> list[Finding]:
    _, data = cv2.imencode(".png", picture)
    report = Scanner(ScanOptions(only=("document",))).scan(data.tobytes())
    return [f for f in report.findings if f.kind.value.startswith("document")]


CARD = ["KAD PENGENALAN", "900214-14-5236", "FARAH BINTI ISMADI", "WARGANEGARA", "PEREMPUAN"]
PASSPORT = [
    "PASSPORT",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
]
PAYMENT = ["DEBIT CARD", "4111 1111 1111 1111", "VALID THRU 08/29", "FARAH ISMADI"]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [(CARD, Kind.DOCUMENT_ID_CARD), (PASSPORT, Kind.DOCUMENT_PASSPORT), (PAYMENT, Kind.DOCUMENT_PAYMENT_CARD)],
)
def test_documents_are_found_and_covered(lines: list[str], kind: Kind) -> None:
    picture = blank(1400, 900, (240, 238, 230))
    for row, text in enumerate(lines):
        letters(picture, (100, 160 + 90 * row), text, 38)
    (found,) = [f for f in documents(picture) if f.likely]
    assert found.kind is kind
    assert found.box is not None
    assert found.box.x < 110
    assert found.box.y2 > 160 + 90 * (len(lines) - 1)


def test_a_boarding_pass_is_known_by_its_code() -> None:
    picture = blank(1200, 800, (240, 238, 230))
    letters(picture, (100, 120), "BOARDING PASS", 44)
    letters(picture, (100, 200), "Gate B12  Seat 12A", 36)
    code = with_code(picture, BOARDING_PASS, "Aztec", (500, 300), 300)
    (found,) = documents(picture)
    assert found.kind is Kind.DOCUMENT_BOARDING_PASS
    assert found.likely
    assert found.box is not None
    assert code.coverage_by(found.box) > 0.95


SIGNS = [
    ["Passport photos here", "RM 10"],
    ["We accept Visa and Mastercard"],
    ["Gate 5", "Terminal 2"],
    ["MENU", "Nasi 5.00"],
]


# Rules are held to lines in test_document_extent; here one sign is really read.
@pytest.mark.parametrize("lines", sample(SIGNS[:1], SIGNS))
def test_signs_are_no_documents(lines: list[str]) -> None:
    picture = blank(1000, 500, (240, 238, 230))
    for row, text in enumerate(lines):
        letters(picture, (80, 160 + 90 * row), text, 40)
    assert not [f for f in documents(picture) if f.likely]


@pytest.mark.parametrize("kind", ["QRCode", "Aztec", "DataMatrix", "PDF417"])
def test_small_codes_on_large_photos(kind: str) -> None:
    picture = blank(4000, 3000, (200, 205, 190))
    with_code(picture, "WIFI:T:WPA;S:Casa;P:mango47;;", kind, (2500, 1700), 150 if kind != "PDF417" else 420)
    _, data = cv2.imencode(".png", picture)
    (found,) = Scanner(ScanOptions(only=("code",))).scan(data.tobytes()).findings
    assert found.attributes["payload"] == "wifi"
    assert found.severity is Severity.CRITICAL


# PDF417 decodes only where it lies about level: zxing-cpp follows its rows.
SLANTED = [("QRCode", 20), ("Aztec", 20), ("DataMatrix", 20), ("PDF417", 4), ("Code128", 8), ("EAN13", 20)]


@pytest.mark.parametrize(("kind", "angle"), [*SLANTED, *((kind, 0) for kind, _ in SLANTED)])
def test_a_codes_box_covers_its_quiet_zone(kind: str, angle: int) -> None:
    """Drawn with four modules of white around it, and digits under a barcode: all of it lies in the box."""
    picture = blank(1000, 900, (255, 255, 255))
    text = "4006381333931" if kind == "EAN13" else "PARCEL 5502"
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    ink = np.array(barcode.to_image(scale=4, add_quiet_zones=False))
    picture[300 : 300 + ink.shape[0], 300 : 300 + ink.shape[1]] = ink[:, :, None]
    turn = cv2.getRotationMatrix2D((500, 450), angle, 1)
    turned = cv2.warpAffine(picture, turn, (1000, 900), borderValue=(255, 255, 255))
    _, data = cv2.imencode(".png", turned)
    (found,) = Scanner(ScanOptions(only=("code",))).scan(data.tobytes()).findings
    rows, columns = np.nonzero(turned.min(axis=2) < 128)
    quiet = 16 if kind == "QRCode" else 4
    assert found.box is not None
    assert found.box.x <= columns.min() - quiet
    assert found.box.y <= rows.min() - (0 if kind in ("Code128", "EAN13", "PDF417") else quiet)
    assert found.box.x2 >= columns.max() + quiet
    assert found.box.y2 >= rows.max()


def test_a_code_at_the_edge_stays_inside_the_photo() -> None:
    picture = blank(400, 400, (255, 255, 255))
    with_code(picture, "hello", "QRCode", (0, 0), 200)
    _, data = cv2.imencode(".png", picture)
    (found,) = Scanner(ScanOptions(only=("code",))).scan(data.tobytes()).findings
    assert found.box is not None
    assert found.box.x >= 0
    assert found.box.y >= 0

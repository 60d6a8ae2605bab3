"""Telephone, identity, account, device, parcel, date, address of a computer: what a number is never taken for."""

from __future__ import annotations

from itertools import product

import pytest

from photoscan.detectors.contact import ContactDetector
from photoscan.detectors.identity import IdentityDetector
from photoscan.detectors.payment import PaymentDetector
from photoscan.detectors.tracking import TrackingDetector
from photoscan.textline import TextLine

FAMILY = {
    "text.phone": "phone", "text.national_id": "identity", "text.passport": "identity", "text.device": "device",
    "text.bank_account": "account", "text.payment_card": "card", "text.tracking": "parcel",
}  # fmt: skip

NUMBERS = {
    "phone": [
        "012-345 6789", "03-7784 5566", "+60 12-345 6789", "0812-3456-7890", "021-5551234", "+62 812 3456 7890",
        "(11) 98765-4321", "11 3456-7890", "+55 11 98765-4321", "9123 4567", "+65 9123 4567", "(212) 555-0187",
        "020 7946 0958", "06 12 34 56 78", "0917 123 4567", "081 234 5678", "0412 345 678",
    ],
    "identity": [
        "900214-14-5236", "529.982.247-25", "S1234567D", "756.9217.0769.85", "120.56874.10-7", "8071592153-0"[:10],
    ],
    "device": ["1HGCM82633A004352", "3C:22:FB:4A:91:0E"],
    "parcel": ["RA473124829MY", "1Z999AA10123456784"],
    "account": ["164283019273", "7063928174", "012301028374501", "0192837-4", "012-345678-9", "137-00-1234567-8"],
    "date": ["14/02/1990", "14.02.1990", "1990-02-14", "06 06 2008", "14-02-1990", "2026-11-28 20:44", "14 02 1990"],
    "computer": ["192.168.1.10", "10.0.0.254", "8.8.8.8", "172.16.254.1", "255.255.255.0", "2001:db8::8a2e:370:7334"],
}  # fmt: skip
LABELS = {
    "phone": ["Tel: ", "HP ", "No. Tel: ", "WhatsApp ", "Telepon: ", "Fone: "],
    "account": ["No. Akaun: ", "No. Rek: ", "Conta corrente: ", "Account no: "],
    "identity": ["No. KP: ", "ID No: ", "Staff ID: ", "Student ID: ", "KWSP No: "],
    "device": ["No. Siri: ", "S/N: ", "IMEI: "],
    "parcel": ["Tracking No: ", "No. Resi: ", "AWB: "],
    "computer": ["IP: ", "Gateway: ", "Alamat IP: "],
    "date": ["Tarikh: ", "Tanggal: ", "Data: ", "Date: "],
}
CHECKED = ("identity", "device", "parcel")
"""Forms whose own check speaks even behind another's label."""


DETECTORS = (ContactDetector(), IdentityDetector(), PaymentDetector(), TrackingDetector())


def families(text: str) -> set[str]:
    found = (match for detector in DETECTORS for match in detector.match([TextLine(text)]))
    return {FAMILY[match.kind] for match in found if match.confidence >= 0.5 and match.kind in FAMILY}


@pytest.mark.parametrize(("family", "number"), [(f, n) for f, numbers in NUMBERS.items() for n in numbers])
def test_without_a_label_a_number_is_what_its_shape_says_or_nothing(family: str, number: str) -> None:
    assert families(number) <= ({family} if family not in ("date", "computer") else set())


@pytest.mark.parametrize(
    ("label", "own", "family"),
    [(label, own, family) for own, labels in LABELS.items() for label, family in product(labels, NUMBERS)],
)
def test_a_label_decides_before_a_shape(label: str, own: str, family: str) -> None:
    for number in NUMBERS[family]:
        allowed = {own, family} if family in CHECKED or own in ("computer", "date") else {own}
        wrong = families(label + number) - allowed
        # An international prefix stands in no number but a telephone's.
        assert not wrong or (wrong == {"phone"} and number.startswith(("+", "("))), number


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("NIK: 3273015206940007 HP: 0812-3456-7890", {"identity", "phone"}),
        ("CPF 529.982.247-25 Fone (11) 98765-4321", {"identity", "phone"}),
        ("Tel: 03-7784 5566 IC: 900214-14-5236", {"identity", "phone"}),
        ("Maybank acc 1642 8301 9273, tel 012-345 6789", {"account", "phone"}),
        ("IMEI: 352099001761481 Tel 012-345 6789", {"device", "phone"}),
        ("Call 012-345 6789 for order 20481234", {"phone", "parcel"}),
        ("BPJS Kesehatan 0001827364510", {"identity"}),
        ("KARTU KELUARGA No. 3578102306090011", {"identity"}),
        ("Medicare 1800 333 000", set()),
        ("PERKESO 03-4264 5555", {"phone"}),
        ("Bank Islam 03-2690 0900", {"phone"}),
    ],
)
def test_several_numbers_in_a_line_keep_their_own_labels(text: str, family: set[str]) -> None:
    found = families(text)
    assert family <= found
    assert found <= family | {"phone"}

"""Is this number one that its country could have given out? Checks of python-stdnum, and own ones that it lacks.

Sources of the own ones: NIK: provinces as the national registry publishes them; Singapore's NRIC and FIN, Hong Kong's
and Taiwan's identity cards: the published weights; National Insurance number: HMRC's National Insurance Manual
(NIM39110); British driving licence: DVLA's description of the driver number; German pension number: VKVV section 4;
Brazilian licence: DENATRAN's check digits; Medicare: the card's published check digit. PIS: Caixa's weights 3 to 9;
RENAVAM: the same weights (DENATRAN ordinance 27/2013); SUS card: DATASUS' rule, weights 15 to 1; voter's number:
TSE's resolution 23.659; civil servants of Indonesia (NIP): BKN's regulation 22/2007; family card: regions and date as
in a NIK; vehicles: 49 CFR 565.15 and ISO 3779; SIM cards: ITU-T E.118; eSIM: GSMA SGP.02 section 2.2.2; TAJ:
Hungary's act XX of 1996; Emirates ID: Luhn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from importlib import import_module

PROVINCES = frozenset(
    (*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98))
)
"""First two digits of a NIK: provinces (Kemendagri's region codes), 97 as cards of Papua were once printed."""
_NEVER_NI = frozenset(("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"))
_TW_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""Taiwan's county letters in the order of their numbers, from 10 on."""


def valid(check: str, number: str, written: str) -> bool:
    """Whether a number passes the check of that name; `number` has no separators, `written` has them."""
    if check.startswith("own."):
        return _OWN[check.removeprefix("own.")](number)
    try:
        return bool(import_module(f"stdnum.{check}").is_valid(written))
    except (LookupError, ValueError):  # some of its tables have holes
        return False


def is_date(year: str, month: str, day: str) -> bool:
    """Whether two-digit parts make a date in one of the two centuries that living people were born in."""
    try:
        date(2000 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _nik(number: str) -> bool:
    day = int(number[6:8])
    day -= 40 if day > 40 else 0  # women's days are written plus 40
    return (
        int(number[:2]) in PROVINCES
        and number[12:] != "0000"
        and "00" not in (number[2:4], number[4:6])
        and is_date(number[10:12], number[8:10], f"{day:02}")
    )


def _nric_sg(number: str) -> bool:
    if number[0] not in "STFGM":
        return False
    total = sum(int(d) * w for d, w in zip(number[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    if number[0] == "M":
        return "KLJNPQRTUWX"[10 - total % 11] == number[8]
    letters = "JZIHGFEDCBA" if number[0] in "ST" else "XWUTRQPNMLK"
    return letters[total % 11] == number[8]


def _hkid(number: str) -> bool:
    values = [36, ord(number[0]) - 55, *map(int, number[1:7])]
    total = sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True))
    return number[7] == "0123456789A"[-total % 11]


def _id_tw(number: str) -> bool:
    if number[0] not in _TW_LETTERS or number[1] not in "1289":
        return False
    county = _TW_LETTERS.index(number[0]) + 10
    total = county // 10 + county % 10 * 9 + sum(int(d) * w for d, w in zip(number[1:9], range(8, 0, -1), strict=True))
    return (total + int(number[9])) % 10 == 0


def _nino(number: str) -> bool:
    prefix = number[:2]
    return (
        re.fullmatch(r"[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]", prefix) is not None
        and prefix not in _NEVER_NI
        and number[8] in "ABCD"
    )


def _licence_gb(number: str) -> bool:
    """Surname, then decade, month (plus 50 for women), day and year of birth, initials and a check part."""
    if not re.fullmatch(r"[A-Z]{1,5}9{0,4}", number[:5]) or not re.fullmatch(
        r"\d{6}[A-Z][A-Z9]\d?[A-Z0-9]{2,3}", number[5:]
    ):
        return False
    month = int(number[6:8]) % 50
    return is_date(number[5] + number[10], f"{month:02}", number[8:10])


def _pension_de(number: str) -> bool:
    area, day, month = int(number[:2]), int(number[2:4]), int(number[4:6])
    if not (2 <= area <= 89 and 1 <= day <= 31 and 1 <= month <= 12):
        return False
    spread = number[:8] + f"{ord(number[8]) - 64:02}" + number[9:11]
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    return sum(sum(divmod(int(d) * w, 10)) for d, w in zip(spread, weights, strict=True)) % 10 == int(number[11])


def _cnh(number: str) -> bool:
    digits = [int(d) for d in number]
    first = sum(d * w for d, w in zip(digits[:9], range(9, 0, -1), strict=True)) % 11
    off = 2 if first > 9 else 0
    first = 0 if first > 9 else first
    second = sum(d * w for d, w in zip(digits[:9], range(1, 10), strict=True)) % 11
    second = 0 if second > 9 else second - off
    return len(set(number)) > 1 and digits[9] == first and digits[10] == (second + 11 if second < 0 else second)


def _medicare_au(number: str) -> bool:
    weights = (1, 3, 7, 9, 1, 3, 7, 9)
    total = sum(int(d) * w for d, w in zip(number[:8], weights, strict=True))
    return number[0] in "23456" and total % 10 == int(number[8])


def _person_lv(number: str) -> bool:
    return number[:2] == "32" or is_date(number[4:6], number[2:4], number[:2])


def _pis(number: str) -> bool:
    total = sum(int(d) * w for d, w in zip(number[:10], (3, 2, 9, 8, 7, 6, 5, 4, 3, 2), strict=True))
    return len(set(number)) > 1 and -total % 11 % 10 == int(number[10])


def _renavam(number: str) -> bool:
    total = sum(int(d) * w for d, w in zip(number[:10], (3, 2, 9, 8, 7, 6, 5, 4, 3, 2), strict=True))
    return len(set(number)) > 1 and total * 10 % 11 % 10 == int(number[10])


def _cns(number: str) -> bool:
    """Definite cards begin with 1 or 2, provisional ones with 7 to 9."""
    return number[0] in "12789" and sum(int(d) * w for d, w in zip(number, range(15, 0, -1), strict=True)) % 11 == 0


def _voter_br(number: str) -> bool:
    """Eight digits of sequence, two of the state (01 to 28), two check digits; 0 is 1 in the two oldest states."""
    state = number[8:10]
    if not 1 <= int(state) <= 28:
        return False
    first = sum(int(d) * w for d, w in zip(number[:8], range(2, 10), strict=True)) % 11
    first = 0 if first == 10 else first or int(state in ("01", "02"))
    second = (int(state[0]) * 7 + int(state[1]) * 8 + first * 9) % 11
    second = 0 if second == 10 else second or int(state in ("01", "02"))
    return number[10:] == f"{first}{second}"


def _nip(number: str) -> bool:
    """Date of birth, year and month of appointment, 1 for men and 2 for women, a running number."""
    born, hired = int(number[:4]), int(number[8:12])
    months = (*range(1, 13), 21)  # 21: on contract
    return (
        1940 <= born <= 2012
        and is_date(number[2:4], number[4:6], number[6:8])
        and born + 15 <= hired <= 2045
        and int(number[12:14]) in months
        and number[14] in "12"
    )


def _family_card(number: str) -> bool:
    return int(number[:2]) in PROVINCES and is_date(number[10:12], number[8:10], number[6:8]) and number[12:] != "0000"


def _bpjs(number: str) -> bool:
    """Health cards are still numbered below ten thousand million."""
    return number[:3] == "000" and number[3:] != "0" * 10


def _licence_id(number: str) -> bool:
    """Fourteen digits, or the older twelve that begin with the year and month of birth."""
    return number[0] != "0" and (len(number) == 14 or 1 <= int(number[2:4]) <= 12)


_VIN_VALUES = {
    **{str(d): d for d in range(10)},
    **dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def _vin(number: str) -> bool:
    """The ninth character checks the others; the last four are digits."""
    if any(c not in _VIN_VALUES for c in number) or not number[13:].isdigit() or len(set(number)) < 5:
        return False
    total = sum(_VIN_VALUES[c] * w for c, w in zip(number, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == number[8]


def _imei(number: str) -> bool:
    return luhn(number) and len(set(number)) > 2


def _iccid(number: str) -> bool:
    """89 stands for telecommunication; the last digit is Luhn's, which some issuers leave out or follow by another."""
    return number[:2] == "89" and (luhn(number) or luhn(number[:-1]))


def _eid(number: str) -> bool:
    return number[:2] == "89" and int(number) % 97 == 1


def _mac(number: str) -> bool:
    """One device's address: no group's, and with a letter, since six pairs of digits may be anything."""
    return any(c.isalpha() for c in number) and len(set(number)) > 2 and int(number[:2], 16) % 2 == 0


def _taj(number: str) -> bool:
    return sum(int(d) * (3, 7)[i % 2] for i, d in enumerate(number[:8])) % 10 == int(number[8])


def _emirates(number: str) -> bool:
    return number[:3] == "784" and number[3:5] in ("19", "20") and luhn(number)


def _birth_first(number: str) -> bool:
    """Whether it begins with the century (2 or 3) and a date of birth, as numbers of the Gulf do."""
    return number[0] in "23" and is_date(number[1:3], number[3:5], number[5:7])


def _snils(number: str) -> bool:
    total = sum(int(d) * w for d, w in zip(number[:9], range(9, 0, -1), strict=True)) % 101 % 100
    return total == int(number[9:])


_OWN: dict[str, Callable[[str], bool]] = {
    "nik": _nik,
    "nric_sg": _nric_sg,
    "hkid": _hkid,
    "id_tw": _id_tw,
    "nino": _nino,
    "licence_gb": _licence_gb,
    "pension_de": _pension_de,
    "cnh": _cnh,
    "medicare_au": _medicare_au,
    "person_lv": _person_lv,
    "pis": _pis,
    "renavam": _renavam,
    "cns": _cns,
    "voter_br": _voter_br,
    "nip": _nip,
    "family_card": _family_card,
    "bpjs": _bpjs,
    "licence_id": _licence_id,
    "vin": _vin,
    "imei": _imei,
    "iccid": _iccid,
    "eid": _eid,
    "mac": _mac,
    "taj": _taj,
    "emirates": _emirates,
    "birth_first": _birth_first,
    "snils": _snils,
}

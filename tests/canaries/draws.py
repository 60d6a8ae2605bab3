"""Values of every kind and of every sort of code, with canaries in their parts: what may be shown of each is known.

A canary is a run of letters without vowels, or of digits, that stands nowhere by chance.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from photoscan.captions import scan_text
from photoscan.detectors.code import described, understand
from photoscan.finding import Field, Finding, Location, Region
from photoscan.geometry import Box
from photoscan.kind import Kind, Severity

GRAM = 4
"""Characters of a canary that may stand nowhere."""
LETTERS = "bcdfghjkmpqrstvwxz"


@dataclass
class Canaries:
    """Makes canaries and remembers them: `secret` ones, and those that may be `shown`."""

    rng: random.Random
    secret: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def word(self, length: int = 7) -> str:
        """Letters, the first a capital: a name, a street, a word."""
        return self._kept("".join(self.rng.choices(LETTERS, k=length)).capitalize())

    def token(self, length: int = 9) -> str:
        """Letters and digits: a password, a key."""
        return self._kept("".join(self.rng.choices(LETTERS + "23456789", k=length)))

    def digits(self, length: int) -> str:
        """A number."""
        return self._kept("".join(self.rng.choices("23456789", k=length)))

    def public(self) -> str:
        """A name that may be shown."""
        name = "".join(self.rng.choices(LETTERS, k=7)).capitalize()
        self.shown.append(name)
        return name

    def one_of(self, *choices: str) -> str:
        return self.rng.choice(choices)

    def only_in(self, *texts: object) -> Canaries:
        """Forget the canaries that were made and not used."""
        used = repr(texts).casefold()
        self.secret = [c for c in self.secret if c.casefold() in used]
        return self

    def grams(self) -> set[str]:
        """All runs of four characters of what is secret, but for those that what may be shown has as well."""
        return _grams(self.secret) - _grams(self.shown)

    def _kept(self, canary: str) -> str:
        self.secret.append(canary)
        return canary


def _grams(canaries: list[str]) -> set[str]:
    return {c.casefold()[i : i + GRAM] for c in canaries for i in range(len(c) - GRAM + 1)}


# Links and codes

PERSONAL_HOSTS = (
    "{word}.com", "www.{word}-family.net", "{word}.blogspot.com", "{word}.github.io", "{word}.example.org:8443",
    "{token}:{token}@{word}.my", "{token}@facebook.com", "facebook.com.{word}.br", "{word}.co.uk", "{digits}.{word}.id",
)  # fmt: skip
WELL_KNOWN = ("facebook.com", "drive.google.com", "docs.google.com", "wa.me", "t.me", "www.instagram.com", "bit.ly")


def link(c: Canaries) -> str:
    """A link with canaries in user, host, path, query and fragment."""
    host = c.one_of(*PERSONAL_HOSTS, *WELL_KNOWN)
    for name, make in (("word", lambda: c.word().lower()), ("token", c.token), ("digits", lambda: c.digits(5))):
        while f"{{{name}}}" in host:
            host = host.replace(f"{{{name}}}", make(), 1)
    path = c.one_of("", f"/{c.token()}", f"/file/d/{c.token()}/view", f"/@{c.word()}", f"/{c.digits(11)}")
    query = c.one_of("", f"?token={c.token()}", f"?user={c.word()}&id={c.digits(6)}", f"?q={c.word()}+{c.word()}")
    fragment = c.one_of("", f"#{c.token()}")
    return c.one_of("https://", "http://", "HTTPS://") + host + path + query + fragment


def wifi(c: Canaries) -> str:
    network, password = f"S:{c.public()}", f"P:{c.token()}"
    rows = [c.one_of("T:WPA", "T:WEP", "T:WPA2-EAP"), password, c.one_of("", "H:true", f"I:{c.word()}@{c.word()}.my")]
    rows.insert(c.rng.randrange(4), network)
    if c.rng.random() < 0.2:  # a separator in the password that nobody escaped
        c.secret.append(c.shown.pop())
        rows.append(f"S:{c.token()}")
    return f"WIFI:{';'.join(filter(None, rows))};;"


def same_wifi(c: Canaries) -> str:
    """The network's name is the password, or a part of it."""
    word = c.word(8)
    return f"WIFI:T:WPA;S:{word};P:{word.lower()}{c.digits(4)};;"


def vcard(c: Canaries) -> str:
    rows = [
        f"FN:{c.word()} {c.word()}", f"N:{c.word()};{c.word()};;;", f"TEL;TYPE=CELL:+60{c.digits(9)}",
        f"EMAIL:{c.token()}@{c.word().lower()}.com", f"ADR:;;{c.word()} {c.digits(4)};{c.word()};;{c.digits(5)};",
        f"BDAY:19{c.digits(6)}", f"ORG:{c.word()}", f"URL:{link(c)}", f"NOTE:{c.word()}", f"X-{c.word()}:{c.token()}",
    ]  # fmt: skip
    return "\n".join(["BEGIN:VCARD", "VERSION:3.0", *rows, "END:VCARD"])


def mecard(c: Canaries) -> str:
    rows = [f"N:{c.word()},{c.word()}", f"TEL:0{c.digits(9)}", f"EMAIL:{c.token()}@gmail.com", f"ADR:{c.word()}"]
    return f"MECARD:{';'.join(rows)};NOTE:{c.word()};;"


def otpauth(c: Canaries) -> str:
    issuer, account = c.public(), c.one_of(f"{c.token()}@{c.word().lower()}.org", c.token())
    head = c.one_of(f"{issuer}:{account}", account)
    return f"otpauth://totp/{quote(head)}?secret={c.token(16).upper()}&issuer={issuer}&digits=6"


def own_otpauth(c: Canaries) -> str:
    """The issuer is called as the account is."""
    name = c.word()
    return f"otpauth://totp/{name}:{name}?secret={c.token(16).upper()}&issuer={name}"


def migration(c: Canaries) -> str:
    return f"otpauth-migration://offline?data={c.token(40)}"


def geo(c: Canaries) -> str:
    tail = c.one_of("", f",{c.digits(4)}", f"?q={c.word()}", f";u={c.digits(4)}")
    return f"geo:3.13{c.digits(5)},101.68{c.digits(5)}{tail}"


def tel(c: Canaries) -> str:
    return c.one_of("tel:", "TEL:", "sms:", "SMSTO:") + f"+60{c.digits(9)}" + c.one_of("", f":{c.word()} {c.word()}")


def mailto(c: Canaries) -> str:
    host = c.one_of("gmail.com", f"{c.word().lower()}.com")
    return c.one_of(
        f"mailto:{c.token()}@{host}?subject={c.word()}&body={c.word()}",
        f"MATMSG:TO:{c.token()}@{host};SUB:{c.word()};;",
    )


def tlv(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def emv(c: Canaries) -> str:
    scheme = c.one_of(
        "br.gov.bcb.pix", "ID.CO.QRIS.WWW", "A0000006150001", "SG.PAYNOW", "com.p2pqrpay", f"my.{c.word()}"
    )
    account = tlv("00", scheme) + tlv("01", c.token(14)) + tlv("02", c.digits(8))
    rows = tlv("26", account) + tlv("52", "0000") + tlv("53", "986") + tlv("54", f"{c.digits(5)}.00")
    return (
        "000201" + rows + tlv("58", "BR") + tlv("59", c.word()) + tlv("60", c.word()) + tlv("62", tlv("05", c.token()))
    )


def bill(c: Canaries) -> str:
    iban, name = f"DE{c.digits(20)}", f"{c.word()} {c.word()}"
    return c.one_of(
        f"BCD\n002\n1\nSCT\n{c.token(8).upper()}\n{name}\n{iban}\nEUR{c.digits(4)}\n\n\n{c.word()}",
        f"SPC\n0200\n1\nCH{c.digits(19)}\nS\n{name}\n{c.word()} {c.digits(4)}\n{c.digits(4)} {c.word()}",
        f"upi://pay?pa={c.token()}@okbank&pn={c.word()}&am={c.digits(4)}&tn={c.word()}",
        f"{c.one_of('bitcoin', 'ethereum', 'monero')}:{c.token(34)}?amount={c.digits(5)}&label={c.word()}",
    )


def boarding(c: Canaries) -> str:
    name = f"{c.word()}/{c.word()}".upper()[:20].ljust(20)
    return f"M1{name}E{c.token(6).upper()} KULPENMH {c.digits(4)} 214Y012A0034 1{c.digits(2)}>{c.digits(8)}"


def licence(c: Canaries) -> str:
    rows = (
        f"DAQ{c.token()}\nDCS{c.word().upper()}\nDAC{c.word().upper()}\nDBB{c.digits(8)}\nDAG{c.digits(4)} {c.word()}"
    )
    return f"@\n\x1e\rANSI 636000090002DL00410278ZV03190008DL{rows}\nDAI{c.word()}\nDAK{c.digits(9)}\nDDG{c.token()}"


def other(c: Canaries) -> str:
    return c.one_of(
        f'<PrintLetterBarcodeData uid="{c.digits(12)}" name="{c.word()}" dob="{c.digits(8)}" house="{c.word()}"/>',
        f"HC1:{c.token(40).upper()}",
        f"shc:/{c.digits(40)}",
        f"BEGIN:VEVENT\nSUMMARY:{c.word()}\nLOCATION:{c.word()}\nDESCRIPTION:{c.token()}\nEND:VEVENT",
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nORGANIZER:mailto:{c.token()}@{c.word()}.com\nEND:VEVENT\nEND:VCALENDAR",
        f"{c.word()} {c.word()}, {c.digits(10)}",
        f"{c.token()}",
        f"{c.word()}:{c.token()};{c.word()}:{c.digits(7)}",
        f"http://[{c.token()}/{c.token()}",
    )


def opened(c: Canaries) -> str:
    """What lets somebody in: devices, groups, accounts."""
    return c.one_of(
        f"2@{c.token(24)}=,{c.token(40)}=,{c.token(40)}=",
        f"tg://login?token={c.token(30)}",
        f"tg://resolve?domain={c.token(8)}",
        f"https://discord.com/ra/{c.token(30)}",
        f"https://chat.whatsapp.com/{c.token(22)}",
        f"https://line.me/ti/p/~{c.token(8)}",
        f"LPA:1$rsp.{c.word().lower()}.com${c.token(12).upper()}",
        f"MT:{c.token(19).upper()}",
        f"X-HM://{c.token(13).upper()}",
        f"https://mysejahtera.malaysia.gov.my/qrscan?lId={c.token(10)}&ln={c.word()}",
        f"https://www.google.com/maps/place/{c.word()}/@3.13{c.digits(5)},101.68{c.digits(5)},17z",
        f"https://revolut.me/{c.token(8)}",
        f"BIZCARD:N:{c.word()};X:{c.word()};B:+60{c.digits(9)};E:{c.token()}@{c.word().lower()}.com;;",
    )


SORTS: tuple[Callable[[Canaries], str], ...] = (
    wifi, same_wifi, vcard, mecard, otpauth, own_otpauth, migration, geo, tel, mailto, link, link, emv, bill, boarding,
    licence, other, other, opened, opened,
)  # fmt: skip


# The other kinds


def address(c: Canaries) -> tuple[str, dict[str, Any]]:
    number, street, postcode = c.digits(4), f"Jalan {c.word()} {c.word()}", c.digits(5)
    town = c.one_of("Kajang", "Springfield", "Bandung")
    parts = {"value_number": number, "value_street": street, "value_postcode": postcode, "value_city": town}
    parts |= {"value_state": "Selangor"} if c.rng.random() < 0.5 else {}
    if c.rng.random() < 0.2:
        parts["value_city"] = c.word()  # a surname that is the name of a town too
        return f"c/o {parts['value_city']}, {number} {street}, {postcode}", parts
    return f"{number}, {street}, {postcode} {town}", {"country_codes": ["MY"]} | parts


def coordinates(c: Canaries) -> str:
    return c.one_of(
        f"3.13{c.digits(4)}, 101.68{c.digits(4)}",
        f"-3.13{c.digits(4)}, -101.68{c.digits(4)}",
        f"+03.13{c.digits(4)}+101.68{c.digits(4)}/",
        f"3 8 {c.digits(4)} N {c.word()}",
        f"3.13{c.digits(4)} N, 101.68{c.digits(4)} E",
    )


def card(c: Canaries) -> str:
    head, last = f"4{c.digits(11)}", "".join(c.rng.choices("23456789", k=4))
    c.shown.append(last)
    number = head + last
    return c.one_of(number, " ".join(number[i : i + 4] for i in range(0, 16, 4)))


KINDS: dict[Kind, Callable[[Canaries], tuple[str | None, dict[str, Any]]]] = {
    Kind.METADATA_GPS: lambda c: (coordinates(c), {"town": "Kajang", "country": "Malaysia", "distance_km": 2.0}),
    Kind.METADATA_PLACE: lambda c: (f"{c.word()} {c.digits(4)}", {}),
    Kind.METADATA_PERSON: lambda c: (
        c.one_of(f"{c.word()} {c.word()}", c.token(), f"{c.word()} <{c.token()}@{c.word()}.my>"), {}),
    Kind.METADATA_SERIAL: lambda c: (c.token(12), {}),
    Kind.METADATA_IDENTIFIER: lambda c: (c.token(12), {}),
    Kind.METADATA_DATETIME: lambda c: (
        c.one_of(f"2031:07:14 07:31:22.{c.digits(6)}", f"2031-07-14 {c.word()}", f"{c.word()} 2031:07:14"), {}),
    Kind.METADATA_DEVICE: lambda c: (
        c.one_of(f"{c.word()}'s iPhone", f"iPhone of {c.word()}", c.token(), f"Canon {c.word()}"), {}),
    Kind.METADATA_SOFTWARE: lambda c: (c.one_of(f"Adobe {c.word()}", f"{c.word()} 2.1", f"GIMP {c.digits(6)}"), {}),
    Kind.METADATA_COMMENT: lambda c: (f"{c.word()} {c.token()} {c.digits(9)}", {"tells": "path of a file"}),
    Kind.METADATA_THUMBNAIL: lambda c: (None, {"bytes": 20}),
    Kind.METADATA_SHADOW_IMAGE: lambda c: (None, {"bytes": 20}),
    Kind.METADATA_MOTION: lambda c: (c.token(), {}),
    Kind.METADATA_TRAILING: lambda c: (c.token(), {}),
    Kind.METADATA_PROVENANCE: lambda c: (c.word(), {}),
    Kind.METADATA_PROFILE: lambda c: (f"{c.word()}'s screen", {}),
    Kind.METADATA_UNKNOWN: lambda c: (c.token(), {}),
    Kind.METADATA_FILENAME: lambda c: (c.one_of(f"{c.word()} {c.word()}", c.digits(8)), {"tells": "name"}),
    Kind.FACE: lambda c: (c.word(), {"value_name": c.word(), "age_group": "unknown"}),
    Kind.FACE_CHILD: lambda c: (f"{c.word()} {c.word()}", {"value_name": c.word(), "age_group": "child"}),
    Kind.FACE_KNOWN: lambda c: (f"{c.word()} {c.word()}", {"value_name": c.word(), "consents": False}),
    Kind.PERSON: lambda c: (c.word(), {}),
    Kind.NUDITY: lambda c: (c.word(), {"score": 0.9}),
    Kind.TEXT_UNREAD: lambda c: (c.word(), {}),
    Kind.PLATE: lambda c: (c.token(7).upper(), {"country": "MY", "countries": ["MY", "ID"], "region": "Selangor"}),
    Kind.TEXT_ADDRESS: address,
    Kind.TEXT_STREET: lambda c: (f"Jalan {c.word()}", {"value_street": f"Jalan {c.word()}"}),
    Kind.TEXT_HOUSE_NUMBER: lambda c: (c.digits(4), {}),
    Kind.TEXT_PLACE: lambda c: (f"{c.digits(5)} Kajang", {"value_postcode": c.digits(5), "value_city": "Kajang"}),
    Kind.TEXT_SCHOOL: lambda c: (f"SK {c.word()} {c.word()}", {}),
    Kind.TEXT_PHONE: lambda c: (
        c.one_of(f"+60 12-{c.digits(8)}", f"+60{c.digits(10)}", c.digits(10)), {"country_code": "MY"}),
    Kind.TEXT_EMAIL: lambda c: (
        c.one_of(f"{c.token()}@gmail.com", f"{c.token()}@{c.word()}.com", f"{c.token()}@{c.word()}.gmail.com"), {}),
    Kind.TEXT_NATIONAL_ID: lambda c: (f"{c.digits(6)}-12-{c.digits(4)}", {"country_code": "MY", "document": "MyKad"}),
    Kind.TEXT_PASSPORT: lambda c: (
        c.token(9).upper(), {"value_name": c.word(), "value_birth_date": c.digits(6), "value_number": c.token()}),
    Kind.TEXT_DEVICE: lambda c: (c.one_of(c.digits(15), c.token(12).upper()), {"document": "IMEI"}),
    Kind.TEXT_PAYMENT_CARD: lambda c: (card(c), {"brand": "Visa", "with_cvv": True}),
    Kind.TEXT_BANK_ACCOUNT: lambda c: (c.one_of(f"DE{c.digits(20)}", c.digits(11), f"{c.digits(4)} {c.digits(6)}"), {}),
    Kind.TEXT_BIRTH_DATE: lambda c: (c.one_of(f"14 {c.word()} {c.digits(4)}", f"{c.digits(8)}"), {}),
    Kind.TEXT_PERSON: lambda c: (c.one_of(f"{c.word()} {c.word()}", c.word(), f"{c.word()} bin {c.word()}"), {}),
    Kind.TEXT_SECRET: lambda c: (c.one_of(c.token(), f"{c.word()} {c.word()} {c.word()}", c.digits(6)), {}),
    Kind.TEXT_MEDICAL: lambda c: (f"Patient: {c.word()}, {c.word()} {c.digits(4)} mg", {}),
    Kind.TEXT_TRACKING: lambda c: (c.one_of(f"RR{c.digits(9)}MY", c.token(12)), {}),
    Kind.TEXT_URL: lambda c: (link(c), {"private": True}),
    Kind.TEXT_HANDLE: lambda c: (f"@{c.token()}", {}),
    Kind.CODE_BARCODE: lambda c: (number := c.digits(13), described("Code128", understand("Code128", number)[1])),
    Kind.CODE_BOARDING_PASS: lambda c: (pass_ := boarding(c), described("Aztec", understand("Aztec", pass_)[1])),
    Kind.CODE_UNREADABLE: lambda c: (None, {"symbology": "QRCode"}),
    Kind.DOCUMENT_ID_CARD: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_PASSPORT: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_DRIVING_LICENCE: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_PAYMENT_CARD: lambda c: (c.digits(16), {"cues": ["a title"]}),
    Kind.DOCUMENT_BOARDING_PASS: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_BADGE: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_CIVIL_RECORD: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_COURT_PAPER: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_PAYSLIP: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_BANK_PAPER: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_MEDICAL: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_DIPLOMA: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_VEHICLE_PAPER: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_TICKET: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_RECEIPT: lambda c: (c.word(), {"cues": ["a title"]}),
    Kind.DOCUMENT_CONVERSATION: lambda c: (c.word(), {"cues": ["a title"]}),
}  # fmt: skip
"""How a value of each kind is drawn, with the attributes that its detector gives; codes are drawn by their sorts."""

LINES = (
    "No. {digits4}, Jalan {word} {word}, {digits5} Kajang, Selangor", "Tel: 012-{digits7}", "{token}@{word}.com",
    "MyKad No: {digits6}-10-{digits4}", "Password: {token}", "Name: {word} {word} binti {word}",
    "4539 1488 {digits4} {last4}", "IBAN: DE89 {digits4} {digits4} {digits4} {digits4} {digits2}",
    "Date of birth: {digits2} April 19{digits2}", "Tracking no: RR {digits9} MY", "Passport No: A{digits8}",
    "Patient: {word} {word}  Diagnosis: {word} positive {digits4} mg", "SK {word} {word}", "instagram: @{token}",
    "Acc no: {digits4} {digits4} {digits4}", "API_KEY={token}{token}", "SSID: {word}  WPA key: {token}", "{link}",
    "Booking ref: {token}", "Dear {word} {word},", "c/o {word}, {digits4} Elm Street, Springfield, IL {digits5}",
)  # fmt: skip
"""Lines as they are written, for the detectors of text; and every payload, written out."""


def written(c: Canaries) -> list[str]:
    """A line with canaries, or a code's payload on its lines."""
    if c.rng.random() < 0.4:
        return c.rng.choice(SORTS)(c).splitlines()
    line = c.rng.choice(LINES)
    for name, make in (("word", c.word), ("token", c.token), ("link", lambda: link(c))):
        while f"{{{name}}}" in line:
            line = line.replace(f"{{{name}}}", make(), 1)
    if "{last4}" in line:
        c.shown.append("".join(c.rng.choices("23456789", k=4)))
        line = line.replace("{last4}", c.shown[-1])
    for size in range(2, 10):
        while f"{{digits{size}}}" in line:
            line = line.replace(f"{{digits{size}}}", c.digits(size), 1)
    return [line]


def drawn(rng: random.Random) -> tuple[list[Finding], list[tuple[str, Canaries]]]:
    """One value of each kind, one of each sort of code, and some written lines: findings, and the canaries of each."""
    findings: list[Finding] = []
    planted: list[tuple[str, Canaries]] = []
    for kind, draw in KINDS.items():
        c = Canaries(rng)
        value, attributes = draw(c)
        findings.append(_finding(kind, value, attributes, len(findings)))
        planted.append((kind.value, c.only_in(value, attributes)))
    for sort in SORTS:
        c = Canaries(rng)
        text = sort(c)
        kind, payload = understand("QRCode", text)
        findings.append(_finding(kind, text, described("QRCode", payload), len(findings)))
        planted.append((f"{sort.__name__} as {payload.sort}", c.only_in(text)))
    for _ in range(4):
        c = Canaries(rng)
        lines = written(c)
        findings += scan_text(lines)
        planted.append((f"line {lines[0][:12]!r}", c.only_in(lines)))
    return findings, planted


def _finding(kind: Kind, value: str | None, attributes: dict[str, Any], index: int) -> Finding:
    place: Location = Region(Box(10 * index, 10, 8, 8))
    if kind.within("metadata"):
        place = Field("jpeg/exif", "Artist", 10 * index, 8)
    return Finding(kind, 0.9, place, "drawn", "drawn", value, attributes, Severity.HIGH)

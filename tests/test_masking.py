"""Masks: what is shown of each kind, what is not, and that no kind is without a method."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.detectors.code import described, understand
from photoscan.kind import Kind, Mask
from photoscan.masking import METHODS, mask
from photoscan.masking.codes import SORTS
from photoscan.masking.known import known
from photoscan.textual import payloads
from photoscan.textual.payloads import links

ADDRESS = {"value_street": "Jalan Kelisa 7/23", "value_number": "14", "value_postcode": "43650"}
TOWN = {"value_city": "Kajang"}
BOTH = {"value_city": "Kajang", "value_state": "Selangor"}
MY = {"country_code": "MY"}
ALWAYS = "••••••••"

MASKS: tuple[tuple[Kind, str, dict[str, Any], str], ...] = (
    # secrets, health, births: always the same
    (Kind.TEXT_SECRET, "hunter2", {}, ALWAYS),
    (Kind.TEXT_SECRET, "correct horse battery staple", {}, ALWAYS),
    (Kind.TEXT_MEDICAL, "Patient: Ali bin Abu  Diagnosis: HIV positive", {}, ALWAYS),
    (Kind.TEXT_BIRTH_DATE, "12 April 1988", {}, ALWAYS),
    (Kind.FACE_CHILD, "Aina Rahman", {"value_name": "Aina Rahman"}, ALWAYS),
    # people
    (Kind.FACE_KNOWN, "Aina Rahman", {}, "A. R."),
    (Kind.TEXT_PERSON, "Suraya Kamil binti Rosdi", {}, "S. K. b. R."),
    (Kind.TEXT_PERSON, "João d'Ávila", {}, "J. d."),
    (Kind.TEXT_PERSON, "王小明", {}, "•••"),
    (Kind.METADATA_PERSON, "aina7731", {}, "••••••••"),
    (Kind.METADATA_PERSON, "Aina Rahman <aina@example.com>", {}, "•••••••• (30)"),
    (Kind.METADATA_PERSON, "(c) 2024 Aina Rahman", {}, "•••••••• (20)"),
    (Kind.METADATA_PERSON, "a b c d e f g", {}, "•••••••••••••"),
    # mail and links
    (Kind.TEXT_EMAIL, "mei@gmail.com", {}, "•••@gmail.com"),
    (Kind.TEXT_EMAIL, "mei@GMAIL.com", {}, "•••@gmail.com"),
    (Kind.TEXT_EMAIL, "me@johndoe-family.com", {}, "•••••••• (21)"),
    (Kind.TEXT_EMAIL, "mei@sub.gmail.com", {}, "•••••••• (17)"),
    (Kind.TEXT_EMAIL, "gmail.com", {}, "•••••••••"),
    (Kind.TEXT_URL, "https://example.org/reset?user=aina&token=abc123secret", {}, "•••••••• (54)"),
    (Kind.TEXT_URL, "https://aina:kelisa@drive.google.com:8443/file/d/1A2b#k", {}, "drive.google.com/•••"),
    (Kind.TEXT_URL, "HTTPS://WWW.Facebook.com./aina.rahman", {}, "facebook.com/•••"),
    (Kind.TEXT_URL, "www.tiktok.com/@aina", {}, "tiktok.com/•••"),
    (Kind.TEXT_URL, "https://aina-rahman.blogspot.com", {}, "blogspot.com/•••"),
    (Kind.TEXT_URL, "https://facebook.com.aina-rahman.my/login", {}, "•••••••• (41)"),
    (Kind.TEXT_URL, "https://notfacebook.com", {}, "•••••••• (23)"),
    (Kind.TEXT_URL, "https://fаcebook.com", {}, "•••••••• (20)"),  # a Cyrillic letter
    (Kind.TEXT_URL, "http://[::1", {}, "•••••••••••"),
    (Kind.TEXT_HANDLE, "@aina.rahman", {}, "••••••••••••"),
    # places
    (Kind.TEXT_ADDRESS, "14, Jalan Kelisa 7/23, 43650 Kajang, Selangor", ADDRESS | BOTH, "•••, Kajang, Selangor"),
    (Kind.TEXT_ADDRESS, "14, Jalan Kelisa 7/23, 43650 Kajang", ADDRESS | TOWN, "•••, Kajang"),
    (Kind.TEXT_ADDRESS, "c/o Jackson, 14, Jalan Kelisa 7/23", ADDRESS | {"value_city": "Jackson"}, "•••••••• (34)"),
    (Kind.TEXT_ADDRESS, "14, Jalan Kelisa 7/23, 43650", ADDRESS, "•••••••• (28)"),
    (Kind.TEXT_ADDRESS, "Blk 51 #04-12, S123456", {"value_city": "S123456"}, "•••••••• (22)"),
    (Kind.TEXT_STREET, "Jalan Kelisa 7/23", {"value_street": "Jalan Kelisa 7/23"}, "•••••••• (17)"),
    (Kind.TEXT_HOUSE_NUMBER, "27", {}, "••"),
    (Kind.TEXT_PLACE, "43650 Kajang", {"value_postcode": "43650"} | TOWN, "•••, Kajang"),
    (Kind.METADATA_PLACE, "Kajang", TOWN, "Kajang"),
    (Kind.METADATA_PLACE, "Jalan Kelisa", {}, "••••••••••••"),
    (Kind.TEXT_SCHOOL, "SK Taman Kelisa", {}, "••• ••• •••"),
    (Kind.METADATA_GPS, "6.320094, 99.843500", {}, "6.32, 99.84"),
    (Kind.METADATA_GPS, "-6.200001, -106.816666", {}, "-6.20, -106.81"),
    (Kind.METADATA_GPS, "0.290000, -0.001000", {}, "0.29, -0.00"),
    (Kind.METADATA_GPS, "3.139001 N, 101.686901 W", {}, "3.13, -101.68"),
    (Kind.METADATA_GPS, "3°08'21.4\"S 101°41'13.2\"E", {}, "-3.13, 101.68"),
    (Kind.METADATA_GPS, "3,8.3567N 101,41.22E", {}, "3.13, 101.68"),
    (Kind.METADATA_GPS, "+03.1390+101.6869+012.5/", {}, "3.13, 101.68"),
    (Kind.METADATA_GPS, "house 3.139001, 101.686901", {}, "•••••••• (26)"),
    (Kind.METADATA_GPS, "93.139001, 101.686901", {}, "•••••••• (21)"),
    # numbers
    (Kind.TEXT_PHONE, "+60 12-773 1904", MY, "+60 •••••••••••"),
    (Kind.TEXT_PHONE, "+60127731904", MY, "••••••••••••"),
    (Kind.TEXT_PHONE, "+601 277 31904", {}, "••••••••••••••"),
    (Kind.TEXT_PHONE, "012-773 1904", {"country_codes": ["MY", "ID"]}, "••••••••••••"),
    (Kind.TEXT_PAYMENT_CARD, "4539148803436467", {"brand": "Visa"}, "•••• 6467"),
    (Kind.TEXT_PAYMENT_CARD, "4539 1488 0343 6467", {}, "•••• 6467"),
    (Kind.TEXT_PAYMENT_CARD, "card 6467", {}, "•••••••••"),
    (Kind.TEXT_BANK_ACCOUNT, "DE89 3704 0044 0532 0130 00", {}, "DE ••••••••"),
    (Kind.TEXT_BANK_ACCOUNT, "1640 7731 2904", {}, "••••••••••••••"),
    (Kind.TEXT_NATIONAL_ID, "880412-10-5634", {"country_code": "MY"}, "••••••••••••••"),
    (Kind.TEXT_PASSPORT, "A12345678", {"value_name": "AINA"}, "•••••••••"),
    (Kind.TEXT_DEVICE, "352099001761481", {"document": "IMEI"}, "•••••••••••••••"),
    (Kind.TEXT_TRACKING, "RR473124829MY", {}, "•••••••••••••"),
    (Kind.PLATE, "WKM4821", {"country": "MY"}, "•••••••"),
    (Kind.METADATA_SERIAL, "C39V7X1Q04", {}, "••••••••••"),
    # what a file says
    (Kind.METADATA_DATETIME, "2026:07:14 07:31:22", {}, "2026-07"),
    (Kind.METADATA_DATETIME, "2026-07-14T07:31:22.5+08:00", {}, "2026-07"),
    (Kind.METADATA_DATETIME, "20260714", {}, "2026-07"),
    (Kind.METADATA_DATETIME, "07:31:22", {}, "••••••••"),
    (Kind.METADATA_DATETIME, "2026:13:14", {}, "••••••••••"),
    (Kind.METADATA_DATETIME, "Aina's birthday, 2026:07:14", {}, "•••••••• (27)"),
    (Kind.METADATA_DEVICE, "Aina's iPhone", {}, "•••••••••••••"),
    (Kind.METADATA_DEVICE, "iPhone von Aina Max", {}, "iPhone •••"),
    (Kind.METADATA_DEVICE, "Apple iPhone 13 Pro", {}, "Apple iPhone 13 Pro"),
    (Kind.METADATA_DEVICE, "NIKON CORPORATION", {}, "NIKON CORPORATION"),
    (Kind.METADATA_DEVICE, "SM-G991B", {}, "••••••••"),
    (Kind.METADATA_SOFTWARE, "Adobe Photoshop 25.1 (Windows)", {}, "Adobe Photoshop 25.1 (Windows)"),
    (Kind.METADATA_SOFTWARE, "GIMP 2.10.34 of Aina", {}, "GIMP 2.10.34 •••"),
    (Kind.METADATA_SOFTWARE, "AinaFilter 3", {}, "••••••••••••"),
    (Kind.METADATA_PROFILE, "Display P3", {}, "Display P3"),
    (Kind.METADATA_PROFILE, "Aina's MacBook", {}, "••••••••••••••"),
    (Kind.METADATA_COMMENT, "ring me on 012 tonight", {}, "••• ••• ••• ••• •••"),
    (Kind.METADATA_COMMENT, "one two three four five six seven", {}, "••• ••• ••• … (7)"),
    (Kind.METADATA_COMMENT, "kelisa", {}, "••••••"),
    (Kind.METADATA_FILENAME, "Aina Rahman", {"tells": "name"}, "•••••••••••"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "attributes", "shown"), MASKS)
def test_masks(kind: Kind, value: str, attributes: dict[str, Any], shown: str) -> None:
    assert mask(kind, value, attributes) == shown


CODES = {
    # network's or site's name, or the host
    "WIFI:T:WPA;S:RumahSuraya;P:kelisa-Hujan9;;": "wifi: RumahSuraya",
    "WIFI:T:WPA;S:TheLongNetworkNameOfOurFamilyX;P:12345678;;": "wifi: TheLongNetworkNameOfOurFamilyX",
    "WIFI:T:nopass;S:Cafe Kelisa;;": "wifi: Cafe Kelisa",
    "WIFI:P:kelisa9;T:WPA;S:Kelisa Home;;": "wifi",  # a part of the password
    "WIFI:T:WPA;S:home;P:ab;S:kelisaHujan;;": "wifi",  # the password goes on behind a sign that should be escaped
    "WIFI:P:ab;S:kelisaHujan;S:home;T:WPA;;": "wifi",
    "WIFI:T:WPA;S:Aina’s iPhone;P:kelisa-Hujan9;;": "wifi",
    "WIFI:T:WPA;S:012-773 1904;P:kelisa-Hujan9;;": "wifi",
    "WIFI:T:WPA2-EAP;S:Campus;I:aina@uni.example;P:kelisa9;;": "wifi: Campus",
    "otpauth://totp/Shop:aina?issuer=Shop&secret=JBSWY3DPEHPK3PXP": "authenticator: Shop",
    "otpauth://totp/aina.rahman?issuer=Aina&secret=JBSWY3DPEHPK3PXP": "authenticator",
    "otpauth://totp/aina@example.com?secret=JBSWY3DPEHPK3PXP": "authenticator",
    "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8": "authenticator",
    "https://aina:kelisa@docs.google.com/d/1A2b?token=9#me": "link: docs.google.com",
    "https://www.example.com/menu": "url",
    "https://wa.me/60127731904": "link: wa.me",
    "mailto:aina@gmail.com?subject=kelisa": "email: ••••@gmail.com",
    "mailto:me@aina-rahman.my": "email",
    "geo:3.139001,101.686901?q=Rumah+Aina": "place: 3.13, 101.68",
    "geo:rumah aina": "place",
    # the sort alone
    "MECARD:N:Rahman,Aina;TEL:0127731904;;": "contact",
    "BEGIN:VCARD\nFN:Aina Rahman\nTEL:0127731904\nEND:VCARD": "contact",
    "BIZCARD:N:Aina;X:Rahman;B:0127731904;;": "contact",
    "tel:+60127731904": "phone",
    "SMSTO:+60127731904:kelisa": "phone",
    "BEGIN:VEVENT\nSUMMARY:Kelisa\nEND:VEVENT": "event",
    "HC1:6BF+70790T9WJWG": "health certificate",
    "M1RAHMAN/AINA         EABC123 KULPENMH 1138 214Y012A0034 100": "boarding pass",
    "@\nANSI 636000090002DL00410278ZV03190008DLDAQT64235789\nDCSRAHMAN": "driving licence",
    '<PrintLetterBarcodeData uid="773190445512" name="Aina"/>': "identity",
    "LPA:1$rsp.example.net$KELISA-7731904": "esim",
    "0109556001234567211138kelisa": "product",
    '{"subject":{"lName":"RAHMAN","fName":"AINA","PCN":"7731-9044-5512-0011"}}': "identity",
    # log-ins, devices, groups: whose
    "2@kelisa7731904HujanXYZ=,RahmanAinaKelisa=": "log in: WhatsApp",
    "https://discord.com/ra/kelisaHujan7731904": "log in: Discord",
    "openid4vp://?client_id=kelisaHujan7731904": "log in",
    "MT:Y.K9042C00KA0648G00": "device setup: Matter",
    "X-HM://0023ISYWYKLS1": "device setup: HomeKit",
    "https://chat.whatsapp.com/kelisaHujan77319044": "invitation: WhatsApp",
    "https://mysejahtera.malaysia.gov.my/qrscan?lId=7731904": "check in: MySejahtera",
    "35200114200166000187550010000000461550000467": "invoice: NF-e",
    "A:503630330*B:277319044*C:PT*D:FT*E:N*": "invoice: AT",
    # payments: the scheme
    "00020126360014br.gov.bcb.pix0114+55119877319045204000053039865802BR5904AINA6006KAJANG6304ABCD": "payment: PIX",
    "BCD\n002\n1\nSCT\nBFSWDE33\nAina Rahman\nDE89370400440532013000": "payment: SEPA",
    "upi://pay?pa=aina@okbank&pn=Aina": "payment: UPI",
    "bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT": "payment: bitcoin",
    # nothing known of its form
    "ring me on 012-773 1904": "text: ••• ••• ••• ••• •••",
    "kelisaHujan9": "text: ••••••••••••",
}  # fmt: skip


@pytest.mark.parametrize("payload", CODES)
def test_masks_of_codes(payload: str) -> None:
    kind, found = understand("QRCode", payload)
    assert mask(kind, payload, described("QRCode", found)) == CODES[payload]


def test_a_code_of_which_nothing_is_known_shows_its_length() -> None:
    payload = "WIFI:T:WPA;S:RumahSuraya;P:kelisa;;"
    assert mask(Kind.CODE_QR, payload) == mask(Kind.CODE_QR, payload, {"payload": payload}) == "•••••••• (35)"
    kind, found = understand("EAN13", "9556001234567")
    assert mask(kind, "9556001234567", {"payload": found.sort}) == "number: •••••••••••••"


def test_every_sort_of_payload_has_a_mask() -> None:
    folder = resources.files("photoscan").joinpath("textual/payloads")
    source = "".join(file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".py"))
    sorts = {*re.findall(r'Payload\(\s*"(\w+)"', source), *links.sorts(), "link", "url"}
    assert len(sorts) > 12
    assert sorts == set(SORTS)
    assert {payloads.understand(code).sort for code in CODES} == set(SORTS) - {"number"}


def test_every_method_has_its_name_and_is_of_use() -> None:
    assert set(METHODS) == set(get_args(Mask)) == {kind.mask for kind in Kind}


def test_lists_hold_names_that_can_be_met() -> None:
    lists = known()
    assert all("@" not in name and "." in name for name in lists.mail | lists.hosts)
    assert all(word == word.strip() and word for words in (lists.makes, lists.lines, lists.programs) for word in words)
    assert len(lists.mail) > 100
    assert len(lists.hosts) > 100


PARTS = st.dictionaries(
    st.sampled_from(
        ["payload", "scheme", "country_code", "value_network", "value_issuer", "value_city", "value_place"]
    ),
    st.sampled_from(sorted(SORTS)) | st.text(max_size=12) | st.none(),
)


@given(st.sampled_from(sorted(Kind)), st.text(max_size=200), PARTS)
def test_no_value_makes_it_fail(kind: Kind, value: str, parts: dict[str, Any]) -> None:
    assert isinstance(mask(kind, value, parts), str)


@pytest.mark.parametrize("bit", [" ", "1", "1 ", "a.", "°", "'", "+1", "9:", "\u3000", "@", "%", "/", "[", "mac "])
def test_no_long_value_makes_it_slow(bit: str) -> None:
    import time

    start = time.process_time()
    for kind in Kind:
        mask(kind, bit * 20_000, {"payload": "wifi", "value_network": bit * 20_000})
        mask(kind, bit * 20_000, {"payload": "authenticator", "value_issuer": bit, "value_secret": bit * 20_000})
    assert time.process_time() - start < 4

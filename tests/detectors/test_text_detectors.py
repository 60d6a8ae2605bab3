"""What text detectors must find, and what they must leave alone. All names, numbers and addresses are invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import scan_text
from photoscan.finding import Span
from photoscan.kind import Kind, Severity
from photoscan.textual.address_clues import clues
from tests.properties import thorough

MUST_FIND: list[tuple[str, str | None, list[str]]] = [
    # kind, value (without spaces, any case; None: any), lines
    ("text.address", None, ["No. 18, Jalan Melur 4/2", "Taman Seri Delima", "43650 Bandar Baru Bangi"]),
    ("text.address", None, ["LOT 23 LORONG PERDANA 5", "93350 KUCHING, SARAWAK"]),
    ("text.address", None, ["Jl. Cempaka Raya No. 62", "RT 003 / RW 007, Kel. Sukajadi", "Bandung 40162"]),
    ("text.address", None, ["Rua das Palmeiras, 231 - Apto 12", "Vila Nova, Campinas - SP", "CEP 13010-000"]),
    ("text.address", None, ["4410 Sycamore Ave", "Springfield, IL 62704"]),
    ("text.address", None, ["27 Harcourt Gardens", "London SE1 4XY"]),
    ("text.street", "JalanKenanga3", ["Jalan Kenanga 3"]),
    ("text.house_number", "No.27", ["No.27"]),
    ("text.place", "43650BandarBaruBangi", ["43650 Bandar Baru Bangi"]),
    ("text.place", "Campinas-SP", ["Campinas - SP"]),
    ("text.place", "Melaka,Malaysia", ["Melaka, Malaysia"]),
    ("text.place", "10117Berlin", ["meet you at", "10117 Berlin"]),
    ("text.phone", "+60135550147", ["Tel: +60 13-555 0147"]),
    ("text.phone", "+60125550193", ["Call Mei at 012-555 0193"]),
    ("text.phone", "+12025550143", ["call (202) 555-0143"]),
    ("text.email", "putri.lestari@example.com", ["putri.lestari@example.com"]),
    ("text.email", "putri.lestari@example.com", ["putri.lestari @example. com"]),
    ("text.national_id", "900214-14-5236", ["900214-14-5236"]),
    ("text.national_id", "900214-14-5236", ["No. Kad Pengenalan: 900214145236"]),
    ("text.national_id", "900214-14-5236", ["9OO214-14-5236"]),
    ("text.national_id", "3273015206940007", ["NIK: 3273015206940007"]),
    ("text.national_id", "529.982.247-25", ["CPF 529.982.247-25"]),
    ("text.national_id", "219-45-6781", ["SSN: 219-45-6781"]),
    ("text.payment_card", "4111111111111111", ["4111 1111 1111 1111"]),
    ("text.payment_card", "4111111111111111", ["4111 1111 1111 l1l1"]),
    ("text.bank_account", "GB82WEST12345698765432", ["IBAN: GB82 WEST 1234 5698 7654 32"]),
    ("text.address", None, ["Ahornweg 14", "50667 Köln"]),
    ("text.address", None, ["JI. Cempaka Raya No. 62"]),
    ("text.person", "Hartono", ["Hartono family"]),
    ("text.person", "HelgaK.Brandt", ["Helga K. Brandt", "Ahornweg 14", "50667 Köln"]),
    ("text.person", "RosaLimadosReis", ["Rosa Lima dos Reis", "Rua das Palmeiras, 231"]),
    ("text.person", "Prado", ["Família Prado"]),
    ("text.secret", "mango#Kite47", ["Wi-Fi password: mango#Kite47"]),
    ("text.secret", "482913", ["OTP: 482913"]),
    ("text.secret", "semangka77", ["Kata sandi: semangka77"]),
    ("text.secret", "girassol!9", ["senha: girassol!9"]),
    ("text.secret", "hujan-Petang88", ["Password", "hujan-Petang88"]),
    ("text.secret", "7731#", ["Enter with gate code 7731#"]),
    ("text.secret", "7731", ["Gate code 7731, change it in May"]),
    ("text.secret", "mango#Kite47", ["Wi-Fi password: mango#Kite47 (please don't share)"]),
    ("text.secret", "mango#Kite47", ["Wi-Fi password: mango#Kite47, enter it twice"]),
    ("text.secret", "Strong#2024", ["Password: Strong#2024"]),
    ("text.secret", "kite(47", ["Password: kite(47"]),
    ("text.secret", "mangokite47", ["Password (8 characters): mangokite47"]),
    ("text.secret", "mangoKite", ["Password: mangoKite SSID: KopiSenja"]),
    ("text.secret", "hunter22", ["user: bob password: hunter22 pin: 4821"]),
    ("text.secret", "4821", ["user: bob password: hunter22 pin: 4821"]),
    ("text.secret", "hunter22", ["OTP 482913 password: hunter22"]),
    ("text.secret", "482913", ["OTP 482913 password: hunter22"]),
    ("text.secret", "a1b2c3d4", ["Password: a1b2c3d4 " + "AKIA" + "ABCDEFGH12345678"]),
    ("text.secret", "AKIA" + "ABCDEFGH12345678", ["Password: a1b2c3d4 " + "AKIA" + "ABCDEFGH12345678"]),
    ("text.secret", "hunter22", ["DB_PASSWORD=hunter22"]),
    ("text.secret", "hunter22", ["password='hunter22'"]),
    ("text.secret", "hunter22", ['  "password": "hunter22",']),
    ("text.secret", "hunter22", ["Server=db;Uid=app;Pwd=hunter22;"]),
    ("text.secret", "hunter22", ["密码（wifi）：hunter22"]),
    ("text.secret", "mango47", ["The password for the wifi is mango47"]),
    ("text.secret", "mango47", ["Password for wifi: mango47"]),
    ("text.secret", "gato1234", ["la clave del wifi es gato1234"]),
    ("text.secret", "hunter22", ["Password：hunter22"]),
    ("text.secret", "88888888", ["wifi密码：88888888"]),
    ("text.secret", "hunter22", ["我的密码是hunter22"]),
    ("text.secret", "482913", ["您的验证码是482913，请勿泄露"]),
    ("text.secret", "applemeltriver" * 8, ["Seed phrase: " + "apple melt river " * 8]),
    ("text.birth_date", "1990年5月12日", ["出生日期：1990年5月12日"]),
    ("text.person", "FarahbintiIsmadi", ["Kepada: Farah binti Ismadi"]),
    ("text.person", "SarahConnor", ["Name: Sarah Connor DOB: 12/05/1990"]),
    ("text.person", "SarahConnor", ["Name: Sarah Connor Date of birth 12/05/1990"]),
    ("text.birth_date", "12/05/1990", ["Name: Sarah Connor DOB: 12/05/1990"]),
    ("text.person", "SitiAminah", ["Nama : Siti Aminah  No. KP : 900214-14-5236"]),
    ("text.person", "MaxBorn", ["Name: Max Born"]),
    ("text.person", "HelgaBrandt", ["Name：Helga Brandt"]),
    ("text.person", "张伟", ["姓名：张伟"]),
    ("text.person", "张伟", ["姓名", "张伟"]),
    ("text.person", "张伟", ["姓名 张伟"]),
    ("text.person", "王小明", ["大家好，我叫王小明"]),
    ("text.person", "HelgaBrandt", ["Ich heiße Helga Brandt."]),
    ("text.person", "AnaTorres", ["Me llamo Ana Torres y vivo aquí"]),
    ("text.person", "SitiAminah", ["Nama saya ialah Siti Aminah"]),
    ("text.person", "JaneTan", ["Dr. Jane Tan", "27 Harcourt Gardens"]),
    ("text.person", "JaneTan", ["Dr. Jane Tan", "jane.tan@example.com"]),
    ("text.person", "Dr.SitiAminahbintiRahman", ["Dr. Siti Aminah binti Rahman"]),
    ("text.person", "NURULHUDABINTIRAZALI", ["NURUL HUDA BINTI RAZALI"]),
    ("text.person", "MariaSouza", ["Nome: Maria Souza"]),
    ("text.birth_date", "14/02/1990", ["Tarikh Lahir: 14/02/1990"]),
    ("text.birth_date", "12-06-1994", ["Tanggal lahir: 12-06-1994"]),
    ("text.birth_date", "3May1988", ["Date of birth: 3 May 1988"]),
    ("text.birth_date", "12.06.1994", ["Geburtsdatum", "12.06.1994"]),
    ("text.phone", "+4930901820", ["Ahornweg 14, 10115 Berlin", "030 901820"]),
    ("text.phone", "+60125550193", ["Telefon: O12-555 O193"]),
    ("text.phone", "+60123456789", ["order: https://wa.me/60123456789"]),
    ("text.phone", "+33612345678", ["06 12 34 56 78"]),
    ("text.phone", "020 7946 0958", ["020 7946 0958"]),
    ("text.phone", "+442079460958", ["020 7946 0958", "27 Harcourt Gardens", "London SE1 4XY"]),
    ("text.phone", "+8613812345678", ["电话 138 1234 5678"]),
    ("text.phone", "+8613812345678", ["我的手机13812345678"]),
    ("text.phone", "+8613812345678", ["联系电话", "138 1234 5678"]),
    ("text.email", "helga@example.com", ["helga [at] example.com"]),
    ("text.payment_card", "371449635398431", ["3714 496353 98431"]),
    ("text.bank_account", "DE02120300000000202051", ["IBAN DE02 12O3 0000 0000 2020 51"]),
    ("text.payment_card", "4111111111111111", ["DE02 1203 0000 0000 2020 51 4111 1111 1111 1111"]),
    ("text.bank_account", "1234567890", ["No. Rekening BCA: 1234567890"]),
    ("text.bank_account", "514012345678", ["Nombor Akaun", "5140 1234 5678"]),
    ("text.bank_account", "114209934471", ["Maybank", "1142 0993 4471"]),
    ("text.secret", "senja1234", ["Wifi: KopiSenja", "Pass: senja1234"]),
    ("text.secret", "482913", ["Kod TAC anda ialah 482913. Jangan kongsi."]),
    ("text.secret", "771204", ["Your verification code is 771204"]),
    ("text.school", "LittleStarsKindergarten", ["Little Stars Kindergarten"]),
    ("text.person", "MaraL.Brandt", ["Mara L. Brandt", "see you", "mara.b@example.com"]),
    ("text.person", "SitiHajar", ["Puan Siti Hajar"]),
    ("text.tracking", "RA473124829MY", ["RA 473 124 829 MY"]),
    ("text.tracking", "1Z999AA10123456784", ["1Z 999 AA1 01 2345 6784"]),
    ("text.tracking", "QX482913MY", ["Ref QX 482913 MY"]),
    ("text.secret", "kite4-81mzq", ["Recovery codes", "kite4-81mzq"]),
    ("text.secret", None, ["AKIA" + "ABCDEFGH12345678"]),
    ("text.secret", "hunter42", ["postgres://app:hunter42@db.example.com/x"]),
    ("text.url", "https://example.com/menu", ["https://example.com/menu"]),
    ("text.handle", "@kopisenja", ["follow @kopisenja"]),
    ("text.handle", "@kopi.senja", ["IG: kopi.senja"]),
    ("text.handle", "@abc12345", ["微信号: abc12345"]),
    ("text.handle", "@abc12345", ["加我微信abc12345"]),
    ("text.handle", "@media.senja", ["@media.senja"]),
    ("text.handle", "@kopisenja", ["@kopisenja (Instagram)"]),
    ("text.passport", "A48215093", ["No. Pasport: A48215093"]),
    ("text.address", None, ["Cra 11 # 82-71", "Bogotá"]),
    ("text.secret", "secret123", ["WIFI:S:home;T:WPA;P:secret123;;"]),
    ("text.secret", "JBSWY3DPEHPK3PXP", ["otpauth://totp/x:bob@ex.com?secret=JBSWY3DPEHPK3PXP"]),
    ("text.email", "bob@ex.com", ["otpauth://totp/x:bob@ex.com?secret=JBSWY3DPEHPK3PXP"]),
    ("text.phone", "+491701234567", ["BEGIN:VCARD", "FN:Helga Brandt", "TEL:+49301234567", "TEL:+491701234567"]),
    ("text.person", "Helga Brandt", ["MECARD:N:Helga Brandt;TEL:+49301234567;;"]),
    ("text.phone", "+60123456789", ["SMSTO:+60123456789:hi"]),
    ("text.bank_account", "asha@bank", ["upi://pay?pa=asha@bank&pn=Asha"]),
    ("text.tracking", "K7QX2M", ["M1BRANDT/HELGA        EK7QX2M KULSINMH 0603 148Y012A0031 100"]),
    ("text.secret", "mango#Kite47", ["BEGIN:VCARD", "FN:Helga Brandt", "NOTE:password: mango#Kite47", "END:VCARD"]),
    ("text.address", None, ["上海市徐汇区漕溪路128号"]),
    ("text.address", None, ["88 Soi Sukhumvit 24", "Bangkok 10110"]),
]

MUST_NOT_FIND: list[tuple[str, list[str]]] = [
    # Sixteen of its digits have a scheme's prefix and a valid Luhn digit.
    ("text.payment_card", ["IBAN: DE34 4031 1283 4620 5564 67"]),
    ("text.payment_card", ["DE34 4031 1283 4620 5564 67"]),
    ("text.payment_card", ["IBAN DE35 4031 1283 4620 5564 67"]),
    # kind (prefix) that must not be likely, lines
    ("text.address", ["Jalan-jalan cari makan"]),
    ("text.address", ["Route 66", "diner"]),
    ("text.address", ["Buy 2 get 1 free", "RM 15.90"]),
    ("text.street", ["Dr Park", "dental clinic"]),
    ("text.street", ["Gang of four"]),
    ("text.street", ["On the way home"]),
    ("text.phone", ["Total 1,250.00"]),
    ("text.phone", ["22/12/2017 14:03"]),
    ("text.phone", ["GST ID: 001637511168"]),
    ("text.email", ["follow @kopisenja"]),
    ("text.national_id", ["900214145236"]),
    ("text.national_id", ["901314-14-5236"]),
    ("text.national_id", ["3273019906940007"]),
    ("text.national_id", ["CPF 529.982.247-26"]),
    ("text.national_id", ["219-45-6781"]),
    ("text.payment_card", ["4111 1111 1111 1112"]),
    ("text.payment_card", ["7111 1111 1111 1111"]),
    ("text.bank_account", ["GB83 WEST 1234 5698 7654 32"]),
    ("text.street", ["6.30, come over to our place"]),
    ("text.address", ["Arbeitsplatz gesucht"]),
    ("text.secret", ["Forgot password?"]),
    ("text.secret", ["Enter your PIN"]),
    ("text.secret", ["Password must be at least 8 characters"]),
    ("text.secret", ["Password: at least 8 characters"]),
    ("text.secret", ["Password 12 characters"]),
    ("text.secret", ["The password is a secret between us"]),
    ("text.secret", ["password = input('Password: ')"]),
    ("text.secret", ["Wi-Fi password: ask at the bar"]),
    ("text.secret", ["Password: ********"]),
    ("text.secret", ["The password for the wifi is on the wall"]),
    ("text.person", ["姓名", "工作单位"]),
    ("text.person", ["名字很好听"]),
    ("text.secret", ["DB_PASSWORD=${DB_PASSWORD}"]),
    ("text.secret", ["token = request.token"]),
    ("text.secret", ["def login(user, password=None):"]),
    ("text.secret", ["Top secret: 9 recipes"]),
    ("text.secret", ["忘记密码？"]),
    ("text.person", ["Dr. Seuss Books"]),
    ("text.person", ["Mrs. Brown Boys"]),
    ("text.person", ["My Name Is Red"]),
    ("text.person", ["My name is not important"]),
    ("text.person", ["name: your name here"]),
    ("text.person", ["我叫他来"]),
    ("text.person", ["Kepada pelanggan yang dihormati"]),
    ("text.person", ["GRAND OPENING"]),
    ("text.person", ["Golden Bakery", "27 Harcourt Gardens"]),
    ("text.person", ["Helga Brandt", "sings tonight"]),
    ("text.birth_date", ["Invoice date: 14/02/2024"]),
    ("text.phone", ["CEP 13010-300"]),
    ("text.phone", ["Rua das Flores, 123 - São Paulo - SP, 01310-100"]),
    ("text.phone", ["Springfield, IL 62704-1234"]),
    ("text.phone", ["NHS 943 476 5919"]),
    ("text.phone", ["Serial 012-555 0193"]),
    ("text.payment_card", ["4111111111111111"]),
    ("text.tracking", ["RA 473 124 820 MY"]),
    ("text.tracking", ["Order here", "Nasi lemak"]),
    ("text.handle", ["helga@example.com"]),
    ("text.handle", ["微信 WeChat Pay"]),
    ("text.handle", ["@Override"]),
    ("text.handle", ["@media (max-width: 3px)"]),
    ("text.handle", ["    @property"]),
    ("text.handle", ["@app.get('/x')", "def x(): ..."]),
    ("text.handle", ["@pytest.mark.slow()"]),
    ("text.person", ["Happy Birthday", "27 Harcourt Gardens"]),
    ("text.person", ["Dear customer"]),
    ("text.address", ["Boston 1773"]),
    ("text.address", ["Am 12 Mai"]),
    ("text.address", ["Grade 12 Physics", "Student ID 56100"]),
    ("text.bank_account", ["Bank holiday", "12/03/2024"]),
    ("text.bank_account", ["Maybank", "1300 88 6688"]),
    ("text.secret", ["Boarding", "Pass: 12A zone 4"]),
    ("text.secret", ["Never share your OTP"]),
    ("text.place", ["Paris 2024"]),
    ("text.place", ["Welcome to Paris"]),
    ("text.place", ["Made in China"]),
    ("text.place", ["Ahornweg 14", "50667 Köln"]),
    ("text.address", ["Lote 33", "Val 12/2025"]),
]


def plain(value: str | None) -> str:
    return "".join(c for c in (value or "").casefold() if not c.isspace() and c != "-")


@pytest.mark.parametrize(("kind", "value", "lines"), MUST_FIND)
def test_must_find(kind: str, value: str | None, lines: list[str]) -> None:
    found = [f for f in scan_text(lines) if f.kind == kind and f.likely]
    assert found, f"{kind} not found"
    if value is not None:
        assert plain(value) in {plain(f.value) for f in found}


@pytest.mark.parametrize(("kind", "lines"), MUST_NOT_FIND)
def test_must_not_find(kind: str, lines: list[str]) -> None:
    assert not [f.kind for f in scan_text(lines) if f.kind.within(kind) and f.likely]


@pytest.mark.parametrize(
    ("kind", "value", "line"),
    [
        ("text.person", "sarah connor", "name: sarah connor"),
        ("text.person", "joão silva", "nome: joão silva"),
        ("text.person", "sarah connor", "hi, my name is sarah connor"),
        ("text.person", "Seuss Books", "Dr. Seuss Books"),
        ("text.person", "Red", "My Name Is Red"),
        ("text.person", "Sarah Connor", "Hi, I'm Sarah Connor"),
        ("text.person", "Helga Brandt", "Ich bin Helga Brandt"),
        ("text.person", "sarah connor", "name: sarah connor, room 12"),
        ("text.secret", "mango#Kite", "Password mango#Kite"),
        ("text.secret", "correct horse battery", "Password: correct horse battery"),
        ("text.secret", "swordfish", "The password is swordfish"),
    ],
)
def test_what_is_unsure_is_possible(kind: str, value: str, line: str) -> None:
    (found,) = [f for f in scan_text(line) if f.kind == kind]
    assert found.value == value
    assert not found.likely


@given(st.text("ab1#(:,：密码是 \"'", min_size=1, max_size=30), st.sampled_from(["Password: ", "密码：", "pin "]))
def test_a_secret_is_a_part_of_its_line(rest: str, label: str) -> None:
    values = [f.value for f in scan_text([label + rest]) if f.kind == "text.secret"]
    assert all(value and value in label + rest for value in values)


@given(
    st.from_regex(r"[a-z]{2,8}[#!%][0-9]{2,6}", fullmatch=True),
    st.sampled_from(["change it", "never share", "(enter it)"]),
)
def test_no_remark_hides_a_password(password: str, remark: str) -> None:
    found = [f for f in scan_text([f"Password: {password}, {remark}"]) if f.kind == "text.secret"]
    assert password in {f.value for f in found if f.likely}


def test_an_address_over_several_lines_names_all_of_them() -> None:
    lines = ["Hello!", "No. 18, Jalan Melur 4/2", "Taman Seri Delima", "43650 Bandar Baru Bangi", "bye"]
    (address,) = [f for f in scan_text(lines) if f.kind == "text.address"]
    assert address.location == Span((1, 2, 3))


def test_an_address_tells_its_parts_and_its_country() -> None:
    (address,) = [f for f in scan_text(["4410 Sycamore Ave", "Springfield, IL 62704"]) if f.kind == "text.address"]
    assert address.attributes["country_codes"][0] == "US"
    assert address.attributes["value_number"] == "4410"
    assert address.attributes["value_postcode"] == "IL 62704"
    assert address.attributes["value_city"] == "Springfield"


@pytest.mark.parametrize(
    ("line", "city"),
    [
        ("43000 Kajang, Selangor", "Kajang"),
        ("43000 Kajang Selangor", "Kajang"),
        ("88000 Kota Kinabalu Sabah Malaysia", "Kota Kinabalu"),
        ("Springfield IL 62704", "Springfield"),
        ("43650 Bandar Baru Bangi, Selangor", None),  # in no list: 'Bandar' alone is another place
        ("43000 Jackson Rahman Seri", None),
        ("Aina Jackson, Springfield, IL 62704", "Springfield"),
        ("43000 Aina Jackson", None),
        ("Jackson, Springfield, IL 62704", "Springfield"),
    ],
)
def test_half_of_a_longer_name_is_not_told_as_the_town(line: str, city: str | None) -> None:
    (address,) = [f for f in scan_text(["No. 18, Jalan Melur 4/2", line]) if f.kind == "text.address"]
    assert address.attributes.get("value_city") == city


@pytest.mark.parametrize(
    ("line", "languages"),
    [("Wall Street", "arabic, english"), ("Jalan Kenanga", "malay"), ("Avenida Central", "portuguese, spanish")],
)
def test_a_street_is_explained_by_all_languages_that_have_its_word(line: str, languages: str) -> None:
    (street,) = [f for f in scan_text(line) if f.kind == "text.street"]
    assert street.reason == f"a street word ({languages}) with a name"


def test_a_street_word_of_several_languages_tells_no_country() -> None:
    assert not clues("Wall Street").countries
    assert "MY" in clues("Jalan Kenanga 3").countries


def test_a_place_is_of_little_harm() -> None:
    (place,) = [f for f in scan_text(["Campinas - SP"]) if f.kind == "text.place"]
    assert place.severity is Severity.LOW
    assert place.attributes["value_city"] == "Campinas"


def test_a_card_with_its_code_says_so() -> None:
    (card,) = [f for f in scan_text(["4111 1111 1111 1111", "08/29  CVV 123"]) if f.kind == "text.payment_card"]
    assert card.attributes == {"brand": "Visa", "with_cvv": True, "with_expiry": True}


def test_a_private_link_is_worse_than_a_page() -> None:
    page, link = (scan_text([f"https://example.com/{path}"])[0] for path in ("menu", "join?token=a1b2c3"))
    assert link.severity > page.severity


def test_a_payload_written_out_is_told_once_and_without_its_form() -> None:
    (secret,) = scan_text("our new one:\nWIFI:S:home;T:WPA;P:secret123;;")
    assert (secret.kind.value, secret.value, secret.location) == ("text.secret", "secret123", Span((1,)))


def test_words_like_a_payload_stay_text() -> None:
    assert not scan_text(["WIFI: home", "M1 North", "000201", "upi accepted here", "BEGIN: vcard"])


def test_a_phone_that_several_countries_could_have_is_of_none() -> None:
    (phone,) = [f for f in scan_text("020 7946 0958") if f.kind == "text.phone"]
    assert {"GB", "IN"} <= set(phone.attributes["country_codes"])
    assert "country_code" not in phone.attributes
    assert "GB" in phone.reason


def test_a_text_is_read_as_its_lines() -> None:
    assert scan_text("Wi-Fi password: a1b2c3\nsee you") == scan_text(["Wi-Fi password: a1b2c3", "see you"])


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_text_is_survived(lines: list[str]) -> None:
    for finding in scan_text(lines):
        assert 0 <= finding.confidence <= 1
        assert finding.reason


HOSTILE = [
    "(1", "1-", "1 ", "1:", "1,", "1/", "A1", "Ab", "a", "a.", "a@", "@a ", "www.a", "e1 ", "\\;", "=[", "tel ",
    "012-3456789 ", "900214-14-5236 ", "Jalan A 1, ", "nama: Ab Cd ", "password: a1 ", "WIFI:S:a;", "Dr. Ab ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_length_of_a_line_not_with_its_square(unit: str) -> None:
    """A line of four times the length costs about four times as much; sixteen times would be its square."""

    def cost(length: int) -> float:
        line = (unit * length)[:length]
        start = time.process_time()
        scan_text([line])
        return time.process_time() - start

    scan_text([unit * 9])  # loads what is loaded once
    # A disturbance is no growth: only what costs too much each time does.
    length = 8000 if thorough() else 4000
    assert any(cost(length) < 9 * max(cost(length // 4), 0.01) for _ in range(3))


@pytest.mark.parametrize("line", ["Tel 012-555 0193", "nama: Ab Cd", "Jalan Melur 4", "x", "PIN: 4821"])
def test_time_grows_with_the_number_of_lines_not_with_its_square(line: str) -> None:
    def cost(count: int) -> float:
        start = time.process_time()
        scan_text([line] * count)
        return time.process_time() - start

    cost(9)
    count = 1200 if thorough() else 400
    assert any(cost(count) < 9 * max(cost(count // 4), 0.01) for _ in range(3))


def test_a_word_that_only_resembles_the_name_of_a_state_is_not_shown() -> None:
    """One slip of a reader is forgiven where a place is found, never in what a masked value shows."""
    assert not scan_text("Vfqxrcb 3324\n4939 Bqmsbqg")
    found = scan_text("Vfqxrcb 3324\n4939 Selangot")
    assert [f.kind for f in found] == [Kind.TEXT_PLACE]
    assert "lang" not in str(found[0].value_masked).casefold()
    (shown,) = scan_text("12 Jalan Ampang\n50450 Kuala Lumpur")
    assert shown.value_masked == "•••, Kuala Lumpur"

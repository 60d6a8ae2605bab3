"""What codes say: every sort of payload with its parts and its harm, and what only looks like one."""

from __future__ import annotations

import pytest

from photoscan.kind import Severity
from photoscan.textual.payloads import understand

VCARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Rahman;Aina;;;\r\n{}END:VCARD"


def tlv(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def emv(account: str, *rows: str, at: str = "26") -> str:
    return "000201" + tlv(at, account) + "".join(rows)


NAMED = tlv("59", "WARUNG SARI") + tlv("60", "BANDUNG")
BANK = ["BCD", "002", "1", "SCT", "BANKDEFF", "Aina Rahman", "DE02120300000000202051", "EUR12"]
SWISS = ["SPC", "0200", "1", "CH4431999123000889012", "S", "Aina Rahman", "Weg 1"]
BOARDING = "M1RAHMAN/AINA         EABC1234KULSINMH 0123 123Y012A0034 100"
LICENCE = "@\n\x1e\rANSI 636000090002DL00410278\nDAQT64235789\nDCSSAMPLE\nDACMICHAEL\nDBB06061986\nDAG1 MAIN ST\n"
LICENCE += "DAIANYTOWN\nDAK000010000\nDAU068 in\n"
HELD = {"number": "T64235789", "surname": "SAMPLE", "name": "MICHAEL", "birth_date": "06061986",
        "address": "1 MAIN ST", "city": "ANYTOWN", "postcode": "000010000"}  # fmt: skip
SAID: list[tuple[str, str, Severity | None, dict[str, str]]] = [
    ("WIFI:T:WPA;S:Rumah;P:kite47;;", "wifi", Severity.CRITICAL, {"network": "Rumah", "password": "kite47"}),
    ("wifi:S:Rumah;;", "wifi", Severity.LOW, {"network": "Rumah", "password": ""}),
    (r"WIFI:S:a\;b;P:c\:d\\e;;", "wifi", Severity.CRITICAL, {"network": "a;b", "password": "c:d\\e"}),
    ("MECARD:N:Rahman,Aina;TEL:+60123;EMAIL:a@b.my;ADR:Jalan 1;;", "contact", Severity.HIGH,
     {"name": "Rahman,Aina", "phone": "+60123", "email": "a@b.my", "address": "Jalan 1"}),
    ("MECARD:N:Aina;TEL:1;TEL:2;;", "contact", Severity.HIGH, {"name": "Aina", "phone": "1, 2"}),
    (VCARD.format(""), "contact", Severity.HIGH, {"name": "Rahman, Aina"}),
    (VCARD.format("FN:Aina R\r\n"), "contact", Severity.HIGH, {"name": "Aina R"}),
    (VCARD.format("item1.TEL;TYPE=CELL:+60 12\r\nTEL:13\r\n"), "contact", Severity.HIGH,
     {"name": "Rahman, Aina", "phone": "+60 12, 13"}),
    (VCARD.format("EMAIL:aina.rah\r\n man@b.my\r\nBDAY:1990-02-01\r\nADR:;;Jalan 1;KL;;50000;MY\r\n"), "contact",
     Severity.HIGH, {"name": "Rahman, Aina", "email": "aina.rahman@b.my", "birth_date": "1990-02-01",
                     "address": "Jalan 1, KL, 50000, MY"}),
    ("otpauth://totp/Toko:aina%40b.my?secret=JBSW&issuer=Toko&digits=6", "authenticator", Severity.CRITICAL,
     {"account": "Toko:aina@b.my", "secret": "JBSW", "issuer": "Toko"}),
    ("MATMSG:TO:a@b.my;SUB:x;BODY:y;;", "email", None, {"email": "a@b.my"}),
    ("mailto:a%40b.my?subject=x", "email", None, {"email": "a@b.my"}),
    ("tel:+60123;ext=4", "phone", None, {"phone": "+60123"}),
    ("SMSTO:+60123:hello", "phone", None, {"phone": "+60123"}),
    ("sms:+60123?body=x", "phone", None, {"phone": "+60123"}),
    ("geo:3.1,101.6", "place", Severity.HIGH, {"place": "3.1,101.6"}),
    ("HC1:6BF", "health_certificate", Severity.HIGH, {}),
    ("shc:/5676", "health_certificate", Severity.HIGH, {}),
    ("BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT", "event", None, {}),
    ('<PrintLetterBarcodeData uid="1" name="Asha" dob="1990" gender="F"/>', "identity", Severity.CRITICAL,
     {"uid": "1", "name": "Asha", "dob": "1990"}),
    ("https://example.org/page", "url", Severity.LOW, {}),
    ("www.example.org", "url", Severity.LOW, {}),
    ("https://example.org/?utm_source=x", "url", Severity.LOW, {}),
    ("https://example.org/?q=a@b.my", "link", None, {"q": "a@b.my"}),
    ("https://wa.me/60123456789", "link", None, {"phone": "+60123456789"}),
    ("https://wa.me/+60123456789", "link", None, {"phone": "+60123456789"}),
    ("https://api.whatsapp.com/send?phone=60123456789", "link", None, {"phone": "60123456789"}),
    ("https://wa.me/123456", "link", None, {}),
    ("https://wa.me/1234567", "link", None, {"phone": "+1234567"}),
    ("https://wa.me/1234567890123456", "link", None, {}),
    ("https://t.me/aina", "link", None, {"account": "@aina"}),
    ("https://t.me/ab", "link", None, {}),
    ("https://evilwa.me/60123456789", "url", Severity.LOW, {}),
    ("see https://example.org", "text", None, {}),
    ("\n".join(BANK), "payment", Severity.HIGH, {"name": "Aina Rahman", "account": "DE02120300000000202051"}),
    ("\n".join(BANK[:7]), "payment", Severity.HIGH, {"name": "Aina Rahman", "account": "DE02120300000000202051"}),
    ("\n".join(BANK[:6]), "text", None, {}),
    ("\n".join(SWISS), "payment", Severity.HIGH, {"account": "CH4431999123000889012", "name": "Aina Rahman"}),
    ("\n".join(SWISS[:6]), "payment", Severity.HIGH, {"account": "CH4431999123000889012", "name": "Aina Rahman"}),
    ("\n".join(SWISS[:5]), "text", None, {}),
    ("upi://pay?pa=aina@bank&pn=Aina&am=5", "payment", Severity.HIGH, {"key": "aina@bank", "name": "Aina"}),
    *((f"{coin}:abc1?amount=2", "payment", Severity.MEDIUM, {"key": "abc1"})
      for coin in ("bitcoin", "Ethereum", "litecoin", "monero", "lightning")),
    (BOARDING, "boarding_pass", None, {"name": "RAHMAN/AINA", "booking": "ABC1234", "route": "KUL-SIN",
                                       "flight": "MH 0123", "seat": "012A"}),
    (BOARDING[:58], "boarding_pass", None, {"name": "RAHMAN/AINA", "booking": "ABC1234", "route": "KUL-SIN",
                                            "flight": "MH 0123", "seat": "012A"}),
    (BOARDING[:57], "text", None, {}),
    ("M5" + BOARDING[2:], "text", None, {}),
    (LICENCE, "driving_licence", Severity.CRITICAL, HELD),
    (LICENCE.replace("ANSI ", "AAMVA"), "driving_licence", Severity.CRITICAL, HELD),
    (" " * 60 + LICENCE, "text", None, {}),
    ("just words", "text", None, {}),
    ("", "text", None, {}),
    ("000202", "text", None, {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sort", "severity", "parts"), SAID)
def test_what_a_code_says(text: str, sort: str, severity: Severity | None, parts: dict[str, str]) -> None:
    found = understand(text)
    assert (found.sort, found.severity, found.parts) == (sort, severity, parts)


SCHEMES = {
    "br.gov.bcb.pix": "PIX", "BR.GOV.BCB.PIX": "PIX", "id.co.qris.www": "QRIS", "A0000006150001": "DuitNow",
    "my.com.paynet": "DuitNow", "SG.PAYNOW": "PayNow", "SG.COM.NETS": "NETS", "A000000677010111": "PromptPay",
    "com.p2pqrpay": "QR Ph", "ph.ppmi.p2m": "QR Ph", "hk.com.hkicl": "FPS", "com.unheard.of": "EMV",
}  # fmt: skip


@pytest.mark.parametrize("word", SCHEMES)
@pytest.mark.parametrize("at", ["26", "51"])
def test_payments_are_called_by_their_scheme(word: str, at: str) -> None:
    found = understand(emv(tlv("00", word) + tlv("01", "aina-key"), NAMED, at=at))
    key = {} if SCHEMES[word] == "EMV" else {"key": "aina-key"}
    assert (found.sort, found.severity, found.scheme) == ("payment", Severity.HIGH, SCHEMES[word])
    assert found.parts == {**key, "name": "WARUNG SARI", "city": "BANDUNG"}


@pytest.mark.parametrize("at", ["25", "52"])
def test_other_rows_of_a_payment_are_no_account(at: str) -> None:
    assert understand(emv(tlv("00", "br.gov.bcb.pix") + tlv("01", "k"), at=at)).scheme == "EMV"


def test_a_payment_tells_its_amount_and_a_key_in_the_second_place() -> None:
    found = understand(emv(tlv("00", "sg.paynow") + tlv("02", "+6591234567"), tlv("54", "12.50")))
    assert found.parts == {"key": "+6591234567", "amount": "12.50"}


PERSONAL = (
    "token", "key", "auth", "pwd", "pass", "password", "code", "sig", "session", "invite", "email", "mail", "user",
    "uid", "userid", "name", "phone", "tel", "nome", "nama", "id", "Token",
)  # fmt: skip


@pytest.mark.parametrize("name", PERSONAL)
def test_a_link_with_somebodys_own_parameter_is_personal(name: str) -> None:
    found = understand(f"https://example.org/x?{name}=abc123&page=2")
    assert (found.sort, found.severity, found.parts) == ("link", None, {name: "abc123"})


SORTS: list[tuple[str, str, str | None, Severity | None]] = [
    # a payload, its sort, whose it is, how bad
    ("2@nF8sTzYp3vGq/0RkX,1aBcD+efGhIj=,fGhIjKlMnOp=,pQrStUvW==", "log_in", "WhatsApp", Severity.HIGH),
    ("https://wa.me/settings/linked_devices#2@abcDEF123", "log_in", "WhatsApp", Severity.HIGH),
    ("tg://login?token=AQJ5kZ8sYp3vGq0RkX1aBcDef", "log_in", "Telegram", Severity.HIGH),
    ("sgnl://linkdevice?uuid=a1b2c3&pub_key=BQabc", "log_in", "Signal", Severity.HIGH),
    ("https://discord.com/ra/QfTkq3vX0vY2Z8mYb1c", "log_in", "Discord", Severity.HIGH),
    ("https://weixin.qq.com/x/4aYb9cH2pLqR", "log_in", "WeChat", Severity.HIGH),
    ("https://s.team/q/1/123456789012345678", "log_in", "Steam", Severity.HIGH),
    ("FIDO:/081342176215347218637218", "log_in", "FIDO", Severity.HIGH),
    ("openid4vp://?client_id=x509&request_uri=https", "log_in", None, Severity.HIGH),
    ("phonefactor://activate_account?code=123456789", "log_in", "Microsoft Authenticator", Severity.HIGH),
    ("LPA:1$rsp.example.com$QR-G-5C-1LS-1W1Z9P7", "esim", None, Severity.CRITICAL),
    ("1$smdp.example.io$K2-1A2B3C", "esim", None, Severity.CRITICAL),
    ("LPA:1$rsp.example.com$$1.3.6.1.4.1", "esim", None, Severity.LOW),
    ("MT:Y.K9042C00KA0648G00", "device_setup", "Matter", Severity.HIGH),
    ("X-HM://0023ISYWY0ABC", "device_setup", "HomeKit", Severity.HIGH),
    ("DPP:C:81/1;M:5254005828e5;K:MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADURzxmttZoIRIPWGoQMV00XHW;;", "device_setup",
     "Wi-Fi Easy Connect", Severity.HIGH),
    ("https://chat.whatsapp.com/FbR8z3kQwErTyUiOpAsDfG", "invitation", "WhatsApp", None),
    ("https://discord.gg/hJ6xQpZ", "invitation", "Discord", None),
    ("https://t.me/+QwErTyUiOpAsDfGh", "invitation", "Telegram", None),
    ("https://line.me/R/ti/g/aBcDeFgHiJ", "invitation", "LINE", None),
    ("https://u.wechat.com/kFGbQ1dX2mZ0", "link", "WeChat", None),
    ("https://line.me/ti/p/AbCdEf12", "link", "LINE", None),
    ("wxp://f2f0kQwErTyUiOpAsDf", "payment", "WeChat Pay", Severity.HIGH),
    ("https://qr.alipay.com/fkx12345abcdefgh", "payment", "Alipay", Severity.HIGH),
    ("https://payment.tngdigital.com.my/sc/bDLnQwErTy", "payment", "Touch 'n Go", Severity.HIGH),
    ("SPD*1.0*ACC:CZ2806000000000168540115*AM:450.00", "payment", "SPAYD", Severity.HIGH),
    ("ST00012|Name=Shop|PersonalAcc=40702810138250123017|BankName=Bank", "payment", "GOST R 56042", Severity.HIGH),
    ("PAGOPA|002|302000100000009424|00000000001|1000", "payment", "PagoPA", Severity.HIGH),
    ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "payment", "bitcoin", Severity.MEDIUM),
    ("0x8e23ee67d1332ad560396262c48ffbb01f93d052", "payment", "ethereum", Severity.MEDIUM),
    ("https://www.google.com/maps/place/@3.139003,101.686855,17z", "place", None, Severity.HIGH),
    ("https://waze.com/ul?ll=3.1390%2C101.6869&navigate=yes", "place", None, Severity.HIGH),
    ("https://maps.app.goo.gl/kQwErTyUiOp", "place", None, None),
    ("https://mysejahtera.malaysia.gov.my/qrscan?lId=60a1f2", "check_in", "MySejahtera", Severity.LOW),
    ("35200114200166000187550010000000461550000467", "invoice", "NF-e", Severity.MEDIUM),
    ("A:503630330*B:999999990*C:PT*D:FT*E:N*F:20240105", "invoice", "AT", Severity.MEDIUM),
    ("2" * 900, "identity", None, Severity.CRITICAL),
    ("NZCP:/1/2KCEVIQEIVVWK6JNGEASNICZAEP2KALYDZS", "health_certificate", None, Severity.HIGH),
    ("0109506000134352 17271231", "product", None, Severity.LOW),
    ("https://play.google.com/store/apps/details?id=com.example.rider", "url", None, Severity.LOW),
    # what only looks like one
    ("https://weixin.qq.com/", "url", None, Severity.LOW),
    ("https://discord.com/download", "url", None, Severity.LOW),
    ("https://www.example.com/x-hm/MT:Y.K9042C00KA0648G00", "url", None, Severity.LOW),
    ("https://notdiscord.gg/hJ6xQpZ", "url", None, Severity.LOW),
    ("https://discord.gg.example.com/hJ6xQpZ", "url", None, Severity.LOW),
    ("https://www.google.com/search?q=opening+hours", "url", None, Severity.LOW),
    ("https://transit.example/stop?id=88213", "url", None, Severity.LOW),
    ("MT: Mount Kinabalu, marker 7", "text", None, None),
    ("1$ off every coffee", "text", None, None),
    ("FIDO: a good dog", "text", None, None),
    ("checkin: desk 4", "text", None, None),
    ("2@home", "text", None, None),
    ("A:1*B:2*C:3", "text", None, None),
    ("35200114200166000187550010000000461550000468", "text", None, None),
    ("3ab", "text", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sort", "whose", "severity"), SORTS)
def test_sorts_of_codes(text: str, sort: str, whose: str | None, severity: Severity | None) -> None:
    found = understand(text)
    assert (found.sort, found.scheme, found.severity) == (sort, whose, severity)

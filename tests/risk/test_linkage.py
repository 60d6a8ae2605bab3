"""Linkage rules: each fires on all its parts and on no fewer, and stronger ones speak for weaker ones."""

from __future__ import annotations

import re
from itertools import combinations, product

import pytest

from photoscan.catalog import LANGUAGES, text
from photoscan.errors import UsageError
from photoscan.kind import Kind, Severity
from photoscan.risk import assess, linkage
from tests.risk.reports import DEFAULT, finding, made, report

RULES = {
    "child_with_place": ("face.child", "text.address"),
    "child_with_school": ("face.child", "text.school"),
    "child_routine": ("face.child", "metadata.gps", "metadata.datetime"),
    "child_with_name": ("face.child", "text.person"),
    "child_with_contact": ("face.child", "text.handle"),
    "child_with_nudity": ("face.child", "nudity"),
    "child_with_house_number": ("face.child", "text.house_number"),
    "child_with_plate": ("face.child", "plate"),
    "pupils_listed": (*("text.person",) * 5, "text.school"),
    "people_listed": (*("text.person",) * 5, "text.email"),
    "person_reachable": ("face", "text.person", "text.phone"),
    "face_with_school": ("face", "text.school"),
    "face_with_contact": ("face", "text.email"),
    "face_with_house_number": ("face", "text.house_number"),
    "face_with_plate": ("face", "plate"),
    "pupil_named": ("text.school", "text.person"),
    "home_found": ("text.person", "text.address"),
    "person_at_place": ("metadata.person", "metadata.gps"),
    "face_with_place": ("face", "metadata.gps"),
    "face_with_name": ("face", "text.person"),
    "address_with_contact": ("text.address", "text.phone"),
    "account_with_place": ("text.handle", "metadata.gps"),
    "routine": ("metadata.gps", "metadata.datetime"),
    "empty_home": ("code.boarding_pass", "text.address"),
    "plate_with_address": ("plate", "text.house_number"),
    "vehicle_routine": ("plate", "metadata.gps", "metadata.datetime"),
    "driver_known": ("plate", "text.person"),
    "identity_with_name": ("text.national_id", "text.person"),
    "identity_theft": ("text.national_id", "text.person", "text.birth_date"),
    "identity_with_address": ("text.national_id", "text.address"),
    "account_takeover": ("text.secret", "text.email"),
    "account_recovery": ("text.email", "text.birth_date"),
    "card_misuse": ("text.payment_card", "text.person"),
    "bank_fraud": ("text.bank_account", "text.person"),
    "parcel_diverted": ("text.tracking", "text.address"),
    "patient_named": ("text.medical", "text.person"),
    "device_of_person": ("metadata.serial", "metadata.person"),
    "cover_undone": ("metadata.shadow_image", "face"),
    "seen_and_heard": ("metadata.motion", "face"),
}


def test_every_rule_is_tested() -> None:
    assert {rule.id for rule in linkage.rules()} == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rules_fire_on_all_their_parts_and_on_no_fewer(rule: str) -> None:
    whole = assess(report(*RULES[rule]), DEFAULT)
    (fired,) = [r for r in whole.risk.rules if r.id == rule]
    assert set(fired.findings) == {f.id for f in whole.findings}
    assert fired.explanation
    for missing in RULES[rule]:
        rest = assess(report(*(kind for kind in RULES[rule] if kind != missing)), DEFAULT)
        assert rule not in {r.id for r in rest.risk.rules}
        assert rest.risk.score < whole.risk.score


@pytest.mark.parametrize("rule", sorted(RULES))
def test_an_unlikely_part_is_not_told_but_counts(rule: str) -> None:
    first, *rest = RULES[rule]
    unsure = assess(report(f"{first}@0.3", *rest), DEFAULT)
    assert rule not in {r.id for r in unsure.risk.rules}
    assert unsure.risk.score < assess(report(*RULES[rule]), DEFAULT).risk.score


@pytest.mark.parametrize("rule", linkage.rules(), ids=lambda rule: rule.id)
def test_one_finding_never_fires_a_rule_alone(rule: linkage.Rule) -> None:
    for one, other in combinations(rule.groups, 2):
        shared = [k for k in Kind for a, b in product(one, other) if k.within(a.prefix) and k.within(b.prefix)]
        assert shared == []


@pytest.mark.parametrize("rule", linkage.rules(), ids=lambda rule: rule.id)
def test_a_rule_only_replaces_what_is_no_worse(rule: linkage.Rule) -> None:
    weaker = {r.id: r for r in linkage.rules()}
    assert all(weaker[name].severity <= rule.severity for name in rule.replaces)


def test_a_stronger_rule_speaks_for_a_weaker_one() -> None:
    ids = [r.id for r in assess(report("face.child", "metadata.gps", "metadata.datetime"), DEFAULT).risk.rules]
    assert ids == ["child_routine"]


def test_a_list_takes_different_names() -> None:
    one, many = (assess(report(*["text.person"] * n, "text.school"), DEFAULT) for n in (1, 5))
    same = assess(made(*[finding("text.person")] * 20, finding("text.school")), DEFAULT)
    assert [rule.id for rule in one.risk.rules] == [rule.id for rule in same.risk.rules] == ["pupil_named"]
    assert [rule.id for rule in many.risk.rules] == ["pupils_listed"]
    assert many.risk.score > same.risk.score > one.risk.score


@pytest.mark.parametrize("beside", ["text.address", "face", "plate"])
def test_what_does_little_harm_takes_part_in_nothing(beside: str) -> None:
    """A preview that shows the same picture, the barcode of a product: their detectors say so."""
    for little in ("metadata.thumbnail!low", "code.barcode!low", "metadata.serial!low"):
        both = assess(report(little, beside), DEFAULT)
        assert both.risk.rules == ()
        assert both.risk.level == assess(report(beside), DEFAULT).risk.level


ROW = """[groups]
a = ["{kind}"]
[[rule]]
id = "x"
severity = "{severity}"
linddun = "{linddun}"
all = ["{group}"]
"""
FINE = {"kind": "face", "severity": "low", "linddun": "linking", "group": "a"}
WRONG = {
    "unknown group 'roof'": {"group": "roof"},
    "unknown category 'fun'": {"linddun": "fun"},
    "unknown kind 'fase'": {"kind": "fase"},
    "unknown severity 'big'": {"severity": "big"},
}


def test_a_right_table_is_read() -> None:
    (rule,) = linkage.parse(ROW.format(**FINE))
    assert rule.groups == ((linkage.Member("face", Severity.LOW),),)


@pytest.mark.parametrize("message", sorted(WRONG))
def test_a_wrong_table_is_refused(message: str) -> None:
    with pytest.raises(UsageError, match=message):
        linkage.parse(ROW.format(**(FINE | WRONG[message])))


# A sentence is true for every combination that can fire it: it names each kind that can, and says 'can', not 'does'.

NAMES: dict[str, tuple[str, ...]] = {
    # a kind: the things by which a rule's sentence may call it, as keys of THINGS
    "face": ("face",), "face.child": ("face",), "face.known": ("known face",),
    "text.person": ("name",), "metadata.person": ("name",), "text.school": ("school",),
    "text.email": ("e-mail",), "text.handle": ("account",), "text.url": ("web",), "text.phone": ("phone",),
    "code.qr": ("QR",), "code.barcode": ("barcode",), "text.tracking": ("parcel",),
    "metadata.gps": ("place", "position"), "metadata.place": ("place",), "text.address": ("address", "place"),
    "text.street": ("place",), "text.place": ("place", "position"),
    "text.house_number": ("house number", "place"), "metadata.datetime": ("time",),
    "plate": ("plate",), "text.national_id": ("identity number",), "text.passport": ("identity number",),
    "document.id_card": ("document",), "document.passport": ("document",), "document.driving_licence": ("document",),
    "document.civil_record": ("document",), "document.medical": ("health",),
    "text.birth_date": ("birth",), "nudity": ("nudity",), "text.secret": ("password",), "text.payment_card": ("card",),
    "document.payment_card": ("card",), "text.bank_account": ("bank",), "text.medical": ("health",),
    "code.boarding_pass": ("boarding pass",), "document.boarding_pass": ("boarding pass",),
    "metadata.serial": ("device",), "metadata.thumbnail": ("preview",), "metadata.shadow_image": ("second picture",),
    "metadata.trailing": ("data behind",), "metadata.motion": ("video",),
}  # fmt: skip
THINGS: dict[str, tuple[str, ...]] = {
    # in English, Malay, Indonesian, Portuguese, Chinese and Tamil
    "face": ("face", "muka", "wajah", "rosto", "脸", "முக"),
    "known face": (
        "known face",
        "muka yang dikenali",
        "wajah yang dikenal",
        "rosto conhecido",
        "认得的脸",
        "தெரிந்த முக",
    ),
    "name": (r"\bname", r"\bnama", r"\bnama", r"\bnome", "(姓名|名字)", "பெய"),
    "school": ("school", "sekolah", "sekolah", "escola", "学校", "பள்ளி"),
    "e-mail": ("e-mail", "e-mel", "email", "e-mail", "电子邮件", "மின்னஞ்ச"),
    "account": ("account name", "nama akaun", "nama akun", "uma conta,", "账号名", "கணக்குப் பெய"),
    "web": ("web address", "alamat web", "alamat web", "endereço da web", "网址", "இணைய முகவரி"),
    "phone": ("phone number", "nombor telefon", "nomor telepon", "telefone", "电话号码", "தொலைபேசி எண்"),
    "QR": ("QR code", "kod QR", "kode QR", "código QR", "二维码", "QR குறியீ"),
    "barcode": ("barcode", "kod bar", "kode batang", "código de barras", "条形码", "பட்டைக் குறியீ"),
    "parcel": ("parcel number", "nombor bungkusan", "nomor paket", "número de encomenda", "包裹号码", "பார்சல் எண்"),
    "place": (r"\bplace\b", "tempat", "tempat", "lugar", "地点", "இட[ம்த]"),
    "position": ("position", "kedudukan", "posisi", "posição", "位置", "இருப்பிட"),
    "address": (
        r"(?<!web )address",
        "alamat(?! web)",
        "alamat(?! web)",
        "endereço(?! da web)",
        "地址",
        "(?<!இணைய )முகவரி",
    ),
    "house number": ("house number", "nombor rumah", "nomor rumah", "número de casa", "门牌号", "வீட்டு எண்"),
    "time": (r"\btime\b", "masa", "waktu", "hora", "时间", "நேர"),
    "plate": ("number plate", "nombor plat", "pelat nomor", "placa", "车牌", "வாகன எண் தக"),
    "identity number": (
        "identity number",
        r"nombor .*\bpengenalan",
        r"nomor .*\bidentitas",
        "número .*identidade",
        "身份证号码",
        "அடையாள எண்",
    ),
    "document": ("document", "dokumen", "dokumen", "documento", "证件", "ஆவண"),
    "nudity": ("nudity", "bogel", "ketelanjangan", "nudez", "裸露", "நிர்வாண"),
    "birth": ("date of birth", "tarikh lahir", "tanggal lahir", "data de nascimento", "出生日期", "பிறந்த தேதி"),
    "password": (
        "password or code",
        "kata laluan atau kod",
        "kata sandi atau kode",
        "senha ou um código",
        "密码或代码",
        "கடவுச்சொல் அல்லது குறியீ",
    ),
    "card": ("payment card", "kad pembayaran", "kartu pembayaran", "cartão de pagamento", "支付卡", "கட்டண அட்டை"),
    "bank": ("bank account", "akaun bank", "rekening bank", "conta bancária", "银行账户", "வங்கிக் கணக்கு"),
    "health": ("health", "kesihatan", "kesehatan", "saúde", "健康", "உடல்நல"),
    "boarding pass": (
        "boarding pass",
        "pas masuk kapal terbang",
        "boarding pass",
        "cartão de embarque",
        "登机牌",
        "போர்டிங் பா",
    ),
    "device": ("device", "peranti", "perangkat", "aparelho", "设备", "சாதன"),
    "preview": ("preview", "gambar kecil", "gambar kecil", "miniatura", "预览图", "முன்னோட்டப் பட"),
    "second picture": ("second picture", "gambar kedua", "gambar kedua", "segunda imagem", "第二张图片", "இரண்டாவது பட"),
    "data behind": (
        "data after",
        "data selepas",
        "data setelah",
        "dados depois",
        "结尾之后的数据",
        "முடிவுக்குப் பின் உள்ள தரவு",
    ),
    "video": ("video", "video", "video", "vídeo", "视频", "காணொளி"),
}
UNNAMED = {("cover_undone", 1), ("seen_and_heard", 1)}
"""Groups that a sentence speaks of as 'what you cover' or 'people in the photo', whatever they are."""
CAN = (
    r"\b(can|may)\b",
    r"\b(boleh|mungkin)\b",
    r"\b(bisa|mungkin)\b",
    r"\b(pode|podem)\b",
    "可能|可以|能",
    "லாம்|முடியும்|கூடும்",
)


def fires(group: tuple[linkage.Member, ...]) -> list[Kind]:
    return [kind for kind in Kind if any(kind.within(member.prefix) for member in group)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", linkage.rules(), ids=lambda rule: rule.id)
def test_a_sentence_names_every_kind_that_can_fire_its_rule(rule: linkage.Rule, language: str) -> None:
    column = LANGUAGES.index(language)
    sentence = text(f"rule.{rule.id}", language)
    for number, group in enumerate(rule.groups):
        if (rule.id, number) not in UNNAMED:
            unnamed = [
                kind.value
                for kind in fires(group)
                if not any(re.search(THINGS[name][column], sentence, re.IGNORECASE) for name in _names(kind, rule))
            ]
            assert unnamed == [], sentence
    assert re.search(CAN[column], sentence, re.IGNORECASE), sentence


def _names(kind: Kind, rule: linkage.Rule) -> tuple[str, ...]:
    """A known face is a face to a rule about faces, and something of its own to a rule about names."""
    about_faces = any(member.prefix == "face" for group in rule.groups for member in group)
    return ("face",) if kind is Kind.FACE_KNOWN and about_faces else NAMES[kind.value]


def test_things_have_a_word_in_every_language() -> None:
    assert {len(words) for words in THINGS.values()} == {len(LANGUAGES)} == {len(CAN)}
    assert {name for names in NAMES.values() for name in names} == set(THINGS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rule_has_the_sentence_of_another(language: str) -> None:
    said = [text(f"rule.{rule.id}", language) for rule in linkage.rules()]
    assert len(set(said)) == len(said)


def test_a_position_in_the_picture_counts_as_one_in_the_file_and_a_town_does_not() -> None:
    position, town = (report("face.child", place) for place in ("text.place!high", "text.place"))
    assert [rule.id for rule in assess(position, DEFAULT).risk.rules] == ["child_with_place"]
    assert assess(town, DEFAULT).risk.rules == ()


def test_an_unknown_severity_of_a_group_is_refused() -> None:
    rule = '[groups]\na = ["text.place >= dreadful"]\n'
    with pytest.raises(UsageError):
        linkage.parse(rule)

"""Secrets: tokens of services, settings, keys over several lines, private keys, recovery phrases, codes for one time.

Values are made up here, or put together from parts, so that no line of this file is a key.
"""

from __future__ import annotations

import hashlib
import random
import tomllib
from functools import cache
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.detectors.secret import SecretDetector
from photoscan.finding import Finding, Region, Span
from photoscan.geometry import Box, corners
from photoscan.textline import TextLine
from photoscan.textual import private_keys, recovery_phrases, settings, tokens

CHANCE = random.Random(19)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"


def drawn(length: int) -> str:
    return "".join(CHANCE.choice(ALPHABET) for _ in range(length))


def secrets(text: str | list[str]) -> list[Finding]:
    rows = text.split("\n") if isinstance(text, str) else text
    return list(SecretDetector().find_in_lines([TextLine(row) for row in rows]))


def likely(text: str | list[str]) -> list[Finding]:
    return [found for found in secrets(text) if found.likely]


def lines_of(finding: Finding) -> tuple[int, ...]:
    assert isinstance(finding.location, Span)
    return finding.location.lines


# ---- tokens


@pytest.mark.parametrize(
    ("service", "text"), [(service, text) for service, found, _ in tokens.samples() for text in found]
)
def test_tokens_find_their_samples(service: str, text: str) -> None:
    for around in (text, f"KEY={text}", f'"{text}",', f"our key: {text} (new)"):
        assert service in {token.service for token in tokens.find(around)}, service
        assert likely(around), service


@pytest.mark.parametrize("text", [text for _, _, other in tokens.samples() for text in other])
def test_tokens_leave_their_counter_samples(text: str) -> None:
    assert not likely(text)


def test_every_token_has_samples_of_both_sorts() -> None:
    assert all(found and other for _, found, other in tokens.samples())


@pytest.mark.parametrize("body", ["x" * 40, "your_token_goes_here_and_nowhere_else_ok"])
def test_what_stands_for_a_token_is_none(body: str) -> None:
    assert not list(tokens.find("ghp_" + body))


# ---- words around secrets


def rows(table: str, key: str) -> list[str]:
    text = resources.files("photoscan").joinpath("rules/secrets.toml").read_text("utf-8")
    found: list[str] = tomllib.loads(text)[table][key]
    return found


@pytest.mark.parametrize("text", [*rows("one_time", "samples"), *rows("settings", "samples")])
def test_words_find_their_samples(text: str) -> None:
    assert likely(text)


@pytest.mark.parametrize("text", [*rows("one_time", "not_samples"), *rows("settings", "not_samples")])
def test_words_leave_their_counter_samples(text: str) -> None:
    assert not likely(text)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("DB_PASSWORD", True),
        ("DB_PASSW0RD", True),
        ("clientSecret", True),
        ("x-api-key", True),
        ("AccountKey", True),
        ("AP1_KEY", True),
        ("T0KEN", True),
        ("SMTP_PASS", True),
        ("compass", False),
        ("secretary_name", False),
        ("TOKEN_EXPIRY", False),
        ("max_tokens", False),
        ("monkey", False),
        ("password_file", False),
    ],
)
def test_names_of_settings(name: str, secret: bool) -> None:
    assert bool(settings.holds_secret(name)) is secret


@pytest.mark.parametrize(
    "text",
    [
        "Barcode: 9556001234567",
        "Passport size photo: 35x50 mm",
        "Best password manager 2024",
        "commit 9f8e7d6c5b4a3928170615243342516071829a0b",
        "7b2f9c1e-4d6a-4f0b-9b3d-2a1c5e8f7d60",
        "sha256: " + "e3b0c44298fc1c149afbf4c8996fb924" * 2,
        "Windows 11 key ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2 only RM 25",
        "Free WiFi",
        "Day pass 12.00",
        "Boarding pass: MH603",
        "Season pass: 2024",
        "Wifi: yes / Pool: yes / Parking pass 10.00",
        "Login to see the pass rate: 98%",
        "hello@example.com / 03-12345678",
        "hello@example.com | www.example.com",
        "Door 48 open",
        "Public key: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkq\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    ],
)
def test_ordinary_text_holds_no_secret(text: str) -> None:
    assert not likely(text)


@pytest.mark.parametrize(
    "text",
    [
        "SSID KedaiKopi PASS mesra1234",
        "wifi: KedaiKopi / pass: mesra123",
        "Login: rina Pass: hujan99",
        "user/pass: rina / hujan99",
        "rina@example.com / Kopi#123",
        "admin:kucing99",
        "Door 4821#",
        "WIFI\nKedaiKopi\npass\nmesra1234",
    ],
)
def test_pass_beside_a_network_or_a_user(text: str) -> None:
    assert likely(text)


# ---- over several lines


@pytest.mark.parametrize(
    "parts",
    [
        ["ghp_" + drawn(18), drawn(18)],
        ["OPENAI_API_KEY=sk-proj-" + drawn(24), "  " + drawn(40)],
        ["AccountKey=" + drawn(40), drawn(46) + "=="],
        ["TOKEN=" + drawn(30), drawn(30), drawn(30), drawn(9)],
        ["ENCRYPTION_KEY=", drawn(32)],
        ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIi", "OiIxMjM0NTY3ODkwIn0." + drawn(9), drawn(20)],
    ],
)
def test_every_line_of_a_wrapped_key_is_covered(parts: list[str]) -> None:
    (found,) = likely(["$ cat .env", *parts, "DB_HOST=10.0.4.12"])
    assert lines_of(found) == tuple(range(1, len(parts) + 1))


def test_a_whole_key_is_not_joined_to_what_stands_below() -> None:
    (found,) = likely(["ghp_" + drawn(36), drawn(20)])
    assert lines_of(found) == (0,)


def test_wrapped_lines_that_stand_apart_are_not_joined() -> None:
    texts = ["TOKEN=" + drawn(30), drawn(30)]
    near, far = Box(100, 100, 700, 30), Box(100, 140, 600, 30)
    lines = [TextLine(text, corners(box)) for text, box in zip(texts, (near, far), strict=True)]
    (found,) = SecretDetector().find_in_lines(lines)
    assert isinstance(found.location, Region)
    assert found.location.box.y2 >= 170
    lines[1] = TextLine(texts[1], corners(Box(100, 900, 600, 30)))
    assert max(f.location.box.y2 for f in SecretDetector().find_in_lines(lines) if isinstance(f.location, Region)) < 170


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"),
        ("--BEGIN PR1VATE KEY--", "-END PRIVATE KEY-"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", None),
        (None, "-----END EC PRIVATE KEY-----"),
        ("PuTTY-User-Key-File-3: ssh-ed25519", "Private-MAC: " + "0a1b2c3d" * 8),
    ],
)
def test_private_keys_take_all_their_lines(above: str | None, below: str | None) -> None:
    body = [drawn(64), drawn(64), "Kq7+", drawn(64), drawn(21) + "=="]
    text = [row for row in ("Our server", above, *body, below, "See you") if row]
    (found,) = likely(text)
    assert lines_of(found) == tuple(range(1, len(text) - 1))


def base58(payload: bytes) -> str:
    raw = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + text
    return text


@given(st.binary(min_size=32, max_size=32), st.booleans())
def test_keys_in_wallet_import_format(key: bytes, compressed: bool) -> None:
    text = base58(b"\x80" + key + (b"\x01" if compressed else b""))
    assert private_keys.is_base58_key(text)
    assert [lines_of(f) for f in likely(f"sweep {text} soon")] == [(0,)]
    wrong = text[:20] + ("2" if text[20] != "2" else "3") + text[21:]
    assert not private_keys.is_base58_key(wrong)


def test_a_misread_sign_of_a_base58_key_is_set_right() -> None:
    text = next(
        text for n in range(900) if "o" in (text := base58(b"\x80" + hashlib.sha256(bytes([n % 251, n % 7])).digest()))
    )
    assert likely(text.replace("o", "0", 1))


def test_the_recovery_key_of_a_disk() -> None:
    groups = [f"{11 * n:06}" for n in (4711, 65535, 1, 30000, 12345, 54321, 999, 20202)]
    assert likely("-".join(groups))
    assert [lines_of(f) for f in likely(["-".join(groups[:4]) + "-", "-".join(groups[4:])])] == [(0, 1)]
    assert not likely("-".join(["123456"] * 8))


# ---- recovery phrases


@cache
def words(name: str) -> list[str]:
    text = resources.files("photoscan").joinpath(f"rules/phrase_words/{name}.txt").read_text("utf-8")
    return text.split()


def phrase(entropy: bytes, name: str = "english") -> list[str]:
    """The words of BIP-39 for so many bytes."""
    checked = len(entropy) // 4
    check = hashlib.sha256(entropy).digest()[0] >> (8 - checked)
    number, count = int.from_bytes(entropy, "big") << checked | check, len(entropy) * 3 // 4
    return [words(name)[number >> 11 * (count - 1 - i) & 2047] for i in range(count)]


def numbered(row: list[str]) -> list[str]:
    return [f"{i}. {word}" for i, word in enumerate(row, 1)]


def listed(row: str) -> list[str]:
    return numbered(row.split())


DRAWN = phrase(hashlib.sha256(b"twelve").digest()[:16])
LONG = phrase(hashlib.sha256(b"twenty-four").digest())


def test_the_lists_are_those_of_the_standard() -> None:
    """The vector of BIP-39 for 16 zeros, and the size of each list."""
    assert phrase(bytes(16)) == ["abandon"] * 11 + ["about"]
    for name in ("english", "spanish", "portuguese", "french", "italian", "czech"):
        assert len(set(words(name))) == 2048


def in_rows(row: list[str], size: int) -> list[str]:
    return [" ".join(row[i : i + size]) for i in range(0, len(row), size)]


@pytest.mark.parametrize(
    "text",
    [
        [" ".join(DRAWN)],
        DRAWN,
        numbered(DRAWN),
        in_rows(numbered(DRAWN), 3),
        in_rows(numbered(LONG), 4),
        [f"{a} {b}" for a, b in zip(numbered(DRAWN)[:6], numbered(DRAWN)[6:], strict=True)],
        [word.upper() for word in numbered(DRAWN)],
        [part for row in numbered(DRAWN) for part in row.split()],
        [row.replace(". ", "") for row in numbered(LONG)],
        ["".join(numbered(DRAWN)).replace(". ", "")],
    ],
)
def test_phrases_are_found_in_all_layouts(text: list[str]) -> None:
    (found,) = likely(["MetaMask", *text, "Next"])
    assert found.confidence >= 0.9
    assert set(range(1, len(text) + 1)) - {i + 1 for i, row in enumerate(text) if row.rstrip(".").isdigit()} <= set(
        lines_of(found)
    )
    assert 0 not in lines_of(found)


def test_words_that_prove_nothing_are_possible_unless_they_are_numbered() -> None:
    row = [*DRAWN[:-1], next(word for word in words("english") if not likely([" ".join([*DRAWN[:-1], word])]))]
    (found,) = secrets([" ".join(row)])
    assert found.confidence < 0.5
    assert likely(numbered(row))


@given(st.binary(min_size=16, max_size=16))
def test_a_slip_of_the_reader_is_forgiven(entropy: bytes) -> None:
    row = numbered(phrase(entropy))
    row[3] = row[3].replace("i", "l").replace("o", "0")
    row[7] = row[7][:-1]
    assert likely(["Secret Recovery Phrase", *in_rows(row, 3)])


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Frase de recuperación", "spanish"),
        ("Frase de recuperação", "portuguese"),
        ("Phrase de récupération", "french"),
        ("Frase di recupero", "italian"),
        ("Frasa pemulihan", "english"),
        ("助记词", "english"),
    ],
)
def test_phrases_of_other_lists(label: str, name: str) -> None:
    row = phrase(hashlib.sha256(name.encode()).digest()[:16], name)
    for text in ([label, *in_rows(row, 3)], in_rows(numbered(row), 2)):
        (found,) = likely(text)
        assert found.confidence >= 0.9


def test_a_phrase_of_an_unknown_list_is_known_by_its_label_and_numbers() -> None:
    row = ["あいこくしん", "あいさつ", "あいだ", "あおぞら", "あかちゃん", "あきる"] * 2
    assert likely(["リカバリーフレーズ", *numbered(row)])
    assert not likely(numbered(row))


def test_part_of_a_phrase_is_found_under_its_name() -> None:
    assert likely(["Your recovery phrase", "Write it down", *in_rows(numbered(DRAWN)[:9], 3)])
    assert not likely(in_rows(numbered(DRAWN)[:9], 3))


@pytest.mark.parametrize(
    "text",
    [
        numbered(
            ["rice", "sugar", "salt", "milk", "egg", "onion", "lemon", "banana", "orange", "butter", "bread", "cream"]
        ),
        numbered(
            [
                "cat",
                "dog",
                "elephant",
                "fox",
                "goose",
                "horse",
                "kangaroo",
                "lion",
                "monkey",
                "panda",
                "rabbit",
                "tiger",
            ]
        ),
        listed("begin build burst buy catch choose cost cry cut deal draw drink"),
        numbered(
            [
                "above",
                "animal",
                "answer",
                "brother",
                "cousin",
                "doctor",
                "error",
                "famous",
                "garden",
                "island",
                "kitchen",
                "lunch",
            ]
        ),
        ["build check test deploy release monitor review plan design code merge ship"],
        ["you will always love what there is until they believe this must leave again when you"],
        [
            "Secure your recovery phrase",
            "Never share it with anyone",
            "Write it on paper and keep it safe",
            "Read more",
        ],
        ["guitar camera elephant pizza rocket doctor umbrella spider bicycle castle ghost skate"],
        ["apple", "banana", "carrot", "dragon", "elephant", "flower", "garden", "house", "island", "jungle", "kitchen"],
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"],
        numbered(
            ["ahmad", "bala", "chong", "devi", "ebony", "faiz", "grace", "hana", "ivory", "jamal", "kumar", "lim"]
        ),
    ],
)
def test_lists_of_ordinary_words_are_no_phrase(text: list[str]) -> None:
    assert not likely(text)


@given(st.lists(st.text("abc 123.:-=ghp_", max_size=30), max_size=12))
def test_any_lines_are_survived(text: list[str]) -> None:
    for found in secrets(text):
        assert set(lines_of(found)) <= set(range(len(text)))


def test_prose_of_many_lines_holds_no_phrase() -> None:
    common = words("english")[::7]
    rows = [" ".join(CHANCE.sample([*common, "the", "of", "and", "to", "a", "in"] * 3, 9)) + " the" for _ in range(200)]
    assert not [p for p in recovery_phrases.find([TextLine(row) for row in rows]) if p.confidence >= 0.5]

"""No line, however it is written, makes a search of text go over it again for each of its characters."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from photoscan import scan_text
from photoscan.decode import cut
from photoscan.detectors.document import cues
from photoscan.formats import Format
from photoscan.textual import passwords, private_keys, settings, unglued

LINES = ["wifi pass abc1 ", "1 ", "1-", "A-", "-", "curl -u a ", "mysql ", "a@b.cd", "acct 12345678 ", "A", "   "]


@pytest.mark.parametrize("unit", LINES)
def test_a_line_four_times_as_long_costs_about_four_times_as_much(unit: str) -> None:
    def cost(length: int) -> float:
        line = (unit * length)[:length]
        start = time.process_time()
        scan_text([line])
        return time.process_time() - start

    scan_text([unit * 9])  # loads what is loaded once
    assert any(cost(4000) < 9 * max(cost(1000), 0.02) for _ in range(3))


def test_the_digits_behind_a_label_are_sought_only_as_far_as_a_number_reaches() -> None:
    looked = [len(found[3] or "") for found in unglued._CHUNK.finditer("wifi pass abc1 " * 400)]
    assert max(looked) <= 61
    assert unglued.unglued("KWSP12345678") == "kwsp 12345678"


def test_bounded_searches_still_find_what_they_are_for() -> None:
    assert next(settings.find("curl -s https://example.org/a -u ana:Kite47!x")).reason == "a password in a command"
    assert next(settings.find("mysql -h db -u ana -pKite47x")).reason == "a password in a command"
    assert [p.reason for p in passwords.beside_a_network("ana@example.org / Kite47#mango", [])]
    assert [p.reason for p in passwords.beside_a_network("SSID Kedai PASS mesra1234", [])]
    assert cues._PATRONYMIC.search("AHMAD bin Kassim")
    assert private_keys._END.search("-----END RSA PRIVATE KEY-----")
    begin = private_keys._BEGIN.search("----- BEGIN RSA PRIVATE KEY-----")
    assert begin is not None
    assert begin["dashes"]


@pytest.mark.parametrize("lossless", [False, True])
def test_a_small_webp_that_calls_itself_enormous_is_not_filled_up_to_that(lossless: bool) -> None:
    out = io.BytesIO()
    Image.effect_noise((40, 40), 90).convert("RGB").save(out, "WEBP", lossless=lossless)
    data = out.getvalue()
    part = data[: int(0.8 * len(data))]
    assert len(cut.filled(part, Format.WEBP) or b"") == len(data)
    enormous = part[:4] + (0xFFFFFFF0).to_bytes(4, "little") + part[8:]
    assert cut.filled(enormous, Format.WEBP) is None

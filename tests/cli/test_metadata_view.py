"""`photoscan scan --only metadata`: a table for people, also of files whose picture can't be looked at."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cleaning import samples as s
from tests.conftest import Run
from tests.metadata import containers as c

PLACE = c.gps((3, 8, 2456), (101, 41, 1234))
SEA = c.gps((30, 0, 0), (150, 0, 0), "N", "W")
SAYS = [(0x9003, 2, "2026:11:03 08:15:00"), (0x9011, 2, "+08:00"), (0xA431, 2, "SN-48151623")]


def photo(place: list[c.Tag], orientation: int = 1) -> bytes:
    tags = [(0x10F, 2, "Senja"), (0x112, 3, orientation), (0x13B, 2, "Aminah binti Rahman")]
    return s.coded("JPEG", s.small(), exif=b"Exif\0\0" + c.tiff(tags, exif=SAYS, gps=place))


def test_the_table_tells_where_who_when_and_with_what(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("a.jpg")
    file.write_bytes(photo([*PLACE, (6, 5, [(54, 1)]), (0x11, 5, [(225, 1)]), (0x1F, 5, [(5, 1)])]))
    shown = " ".join(run("scan", file, "--only", "metadata", "--show-values").stdout.split())
    for words in ("Where Kuala Lumpur, Malaysia, ", "54 m above the sea", "facing south-west", "within 5 m",
                  "Who Aminah binti Rahman", "2026:11:03 08:15:00 +08:00", "SN-48151623", "GPSLatitude at",
                  "photoscan clean --metadata-only removes all of this"):  # fmt: skip
        assert words in shown
    masked = run("scan", file, "--only", "metadata").stdout
    assert "Rahman" not in masked
    assert "48151623" not in masked
    assert "\x1b" not in masked
    assert max(map(len, masked.splitlines())) <= 80


def test_at_sea_no_town_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(photo(SEA))
    assert "No town within 50 km" in run("scan", file, "--only", "metadata").stdout


UNSEEN = {
    "a.jxl": s.jxl(),
    "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><title>CANARY</title></svg>',
}


@pytest.mark.parametrize("name", sorted(UNSEEN))
def test_files_whose_picture_cannot_be_looked_at(name: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(UNSEEN[name])
    alone = run("scan", file, "--only", "metadata", "--format", "json")
    assert alone.returncode == 0, alone.stderr
    report = json.loads(alone.stdout)
    assert report["findings"]
    assert {f["attributes"]["stripping"] for f in report["findings"]} == {"removed"}
    whole = run("scan", file, "--format", "json")
    assert whole.returncode == 2
    assert "save it as JPEG or PNG" in json.loads(whole.stdout)["error"]["message"]
    assert json.loads(whole.stdout)["findings"]
    assert run("clean", file, "--check").returncode == 2


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes on this system")
def test_where_a_file_was_downloaded_from(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(s.coded("JPEG", s.small()))
    try:
        os.setxattr(file, "user.xdg.origin.url", b"https://example.org/album/of/aminah.jpg")
    except OSError:
        pytest.skip("this file system keeps no extended attributes")
    report = json.loads(run("scan", file, "--only", "metadata", "--format", "json", "--show-values").stdout)
    (finding,) = report["findings"]
    assert finding["value"] == "https://example.org/album/of/aminah.jpg"
    assert finding["attributes"]["tells"] == "where the file was downloaded from"
    assert run("clean", file, "--in-place", "--metadata-only").returncode == 0
    assert os.listxattr(file) == []


def test_a_copy_keeps_what_was_asked_for(run: Run, tmp_path: Path) -> None:
    file, copy, receipt = tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "r.json"
    file.write_bytes(photo(PLACE))
    result = run("clean", file, "-o", copy, "--metadata-only", "--keep", "date", "--coarsen-gps", "city",
                 "--receipt", receipt)  # fmt: skip
    assert result.returncode == 0, result.stderr
    findings = json.loads(run("scan", copy, "--only", "metadata", "--format", "json", "--show-values").stdout)[
        "findings"
    ]
    assert {f["kind"]: f["value"] for f in findings} == {
        "metadata.gps": "3.100000, 101.700000",
        "metadata.datetime": "2026:11:03 08:15:00",
    }
    assert "position: rounded, up to 8 km off" in json.loads(receipt.read_text())[0]["kept"]
    assert run("clean", file, "--in-place", "--metadata-only", "--keep", "date", "--drop-date").returncode == 0
    assert run("clean", file, "--check").returncode == 0

"""Nothing that was read in a photo reaches an output, a log, an exception, a temporary file or a file's name unasked.

A canary is planted in every container's metadata and in every kind of writing; then all that is said is searched.
"""

from __future__ import annotations

import json
import logging
import re
import shlex
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixtures import plates
from fixtures.camera import jpeg
from fixtures.canvas import blank, clouded, letters
from fixtures.scenes.papers import code
from photoscan import preview
from photoscan.catalog import LANGUAGES
from photoscan.cli import main
from photoscan.detectors import REGISTRY
from photoscan.kind import Kind
from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.render import REGISTRY as FORMATS
from photoscan.render import RenderOptions, renderer
from photoscan.report import Report
from photoscan.risk import assess
from photoscan.risk.policy import Policy
from photoscan.scanner import Scanner
from tests.metadata import containers as c
from tests.metadata.test_readers import TOLD, jumbf, samsung

Run = Callable[..., str]


@pytest.fixture
def everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command; gives back all that it says and leaves: both streams, logs, warnings, files and their names."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    logs: list[str] = []
    handler = logging.Handler(0)
    handler.emit = lambda record: logs.append(f"{record.getMessage()} {record.exc_info}")  # type: ignore[method-assign]
    monkeypatch.setattr(logging.getLogger(), "level", 0)
    logging.getLogger().addHandler(handler)

    def run(command: str, **files: Path) -> str:
        arguments = shlex.split(command.format(**files, home=home))
        monkeypatch.setattr(sys, "argv", ["photoscan", *arguments])
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            with pytest.raises(SystemExit):
                main()
        said = capfd.readouterr()
        left = [f"{path.name}\n{path.read_bytes().decode('latin-1')}" for path in home.rglob("*") if path.is_file()]
        return "\n".join([said.out, said.err, *logs, *(str(row.message) for row in warned), *left])

    yield run
    logging.getLogger().removeHandler(handler)


# What a file says


XMP = b"http://ns.adobe.com/xap/1.0/\0"
NAMED = {
    "PNG keyword": c.png(c.chunk(b"tEXt", b"Aina 7f31\0hello")),
    "PNG keyword of nothing": c.png(c.chunk(b"tEXt", b"Aina 7f31\0")),
    "PNG profile of an unknown sort": c.png(c.chunk(b"tEXt", b"Raw profile type 7f31\0\nx\n4\n" + b"616263" * 9)),
    "XMP property": c.jpeg(c.segment(0xE1, XMP + c.xmp("<a:Aina7f31>hello</a:Aina7f31>"))),
    "XMP prefix": c.jpeg(c.segment(0xE1, XMP + c.xmp("<q7f31:note>hello</q7f31:note>", 'xmlns:q7f31="http://7f31"'))),
    "XMP property with a place": c.jpeg(c.segment(0xE1, XMP + c.xmp("<a:my7f31>3.139012, 101.686945</a:my7f31>"))),
    "XMP property with a path": c.jpeg(c.segment(0xE1, XMP + c.xmp("<a:my7f31>/home/aina/x.png</a:my7f31>"))),
    "SVG element": b'<svg xmlns="http://www.w3.org/2000/svg"><Aina7f31>hello</Aina7f31></svg>',
    "SVG prefix": b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:q7f31="u" q7f31:x="hello"/>',
    "SVG metadata": b'<svg xmlns="http://www.w3.org/2000/svg"><metadata><Aina7f31>hello</Aina7f31></metadata></svg>',
    "C2PA key": c.jpeg(c.segment(0xEB, b"JP\0\1\0\0\0\1" + jumbf(b'{"author_7f31": "hello"}'))),
    "C2PA label": c.jpeg(c.segment(0xEB, b"JP\0\1\0\0\0\1" + jumbf(b'{"author": "hello"}', b"aina.7f31"))),
    "Samsung's part": c.jpeg(tail=samsung(b"Aina_7f31_Data", b"hello, this is a text")),
    "EXIF time zone": c.jpeg(c.exif(c.tiff([], exif=[(0x9003, 2, "2031:07:14 07:31:22"), (0x9011, 2, "at 7f31")]))),
}
"""Files that plant a canary where a reader takes a name from the file: of a field, of what it is in, of a part."""


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file a way of saying something, and each cut short."""
    folder = tmp_path_factory.mktemp("talkative")
    for number, data in enumerate((*(data for data, *_ in TOLD.values()), *NAMED.values())):
        (folder / f"{number}.jpg").write_bytes(data)
        (folder / f"{number}-cut.jpg").write_bytes(data[: len(data) * 2 // 3])
    return folder


METADATA = [
    *(f"scan {{folder}} --only metadata -v --format {name} --lang {language}"
      for name, language in zip(FORMATS, ("en", "ms", "id", "pt-BR", "en"), strict=True)),
    *(f"scan {{folder}} --only metadata --format {name} -o {{home}}/report" for name in ("html", "text")),
    "scan {folder} --only metadata --baseline {home}/baseline --update-baseline",
    "clean {folder} --metadata-only -o {home}/out --receipt {home}/receipt",
    "clean {folder} --metadata-only -o {home}/out --rename",
    "clean {folder} --metadata-only --dry-run",
    "clean {folder} --metadata-only --check",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_a_name_that_the_file_made_up_is_told_when_asked_alone(name: str) -> None:
    found = Scanner(ScanOptions(only=("metadata",))).scan(NAMED[name])
    assert found.findings
    assert "7f31" not in json.dumps(found.to_dict())


@pytest.mark.parametrize("command", METADATA)
def test_metadata_stays_in_the_file(command: str, everything: Run, talkative: Path) -> None:
    said = everything(command, folder=talkative)
    assert len(said) > 2000 or "--check" in command
    assert "0.jpg" in said
    # What a renamed copy and a ledger are called by is a hash, which may hold the canary by chance.
    without = re.sub(r"[0-9a-f]{8,64}", "#", said)
    assert [line for line in without.splitlines() if "7f31" in line] == []


# What a picture shows

SHEET = {
    Kind.TEXT_ADDRESS: ("No. 14, Jalan Kelisa Biru 7/23, 43650 Bandar Baru Bangi", "Kelisa Biru"),
    Kind.TEXT_PHONE: ("Tel: 012-773 1904", "7731904"),
    Kind.TEXT_EMAIL: ("suraya.kamil77@example.com", "suraya.kamil"),
    Kind.TEXT_NATIONAL_ID: ("MyKad No: 880412-10-5634", "880412105634"),
    Kind.TEXT_DEVICE: ("Serial Number: QX7K2M9V41", "QX7K2M9V41"),
    Kind.TEXT_SECRET: ("Password: tapir-Moon42x", "tapirMoon42x"),
    Kind.TEXT_PERSON: ("Name: Suraya Kamil binti Rosdi", "Suraya Kamil"),
    Kind.TEXT_PAYMENT_CARD: ("4539 1488 0343 6467", "4539148803436467"),
    Kind.TEXT_BANK_ACCOUNT: ("IBAN: DE89 3704 0044 0532 0130 00", "370400440532"),
    Kind.TEXT_BIRTH_DATE: ("Date of birth: 12 April 1988", "12April1988"),
    Kind.TEXT_TRACKING: ("Tracking no: RR 473 124 829 MY", "RR473124829MY"),
    Kind.PLATE: ("WKM 4821", "WKM4821"),
    Kind.CODE_QR: ("WIFI:T:WPA;S:RumahSuraya;P:kelisa-Hujan9;;", "kelisaHujan9"),
}
"""What is shown of a kind, and what of it may stand nowhere; without spaces and dashes."""


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of a sheet with all of them."""
    import numpy as np

    picture = clouded(blank(1100, 1060, (238, 236, 230)), np.random.default_rng(5), 3)
    lines = [shown for kind, (shown, _) in SHEET.items() if kind not in (Kind.PLATE, Kind.CODE_QR)]
    for row, line in enumerate(lines):
        letters(picture, (60, 40 + 62 * row), line, 34)
    square = code(SHEET[Kind.CODE_QR][0], "QRCode", 260, 260)
    picture[720:980, 60:320] = square
    plate = plates.malaysia(SHEET[Kind.PLATE][0])
    picture[760 : 760 + plate.shape[0], 460 : 460 + plate.shape[1]] = plate
    path = tmp_path_factory.mktemp("sheet") / "sheet.jpg"
    path.write_bytes(jpeg(picture, 92))
    return path


@pytest.fixture(scope="module")
def report(sheet: Path) -> Report:
    return Scanner().scan(sheet)


def canaries(said: str) -> list[str]:
    """Which canaries stand in a text, with or without spaces and dashes."""
    packed = re.sub(r"[\s\-]", "", said).lower()
    return [value for _, value in SHEET.values() if re.sub(r"[\s\-]", "", value).lower() in packed]


def test_every_canary_is_found_and_shown_when_asked(report: Report) -> None:
    assert set(SHEET) <= {finding.kind for finding in report.findings}
    assert canaries(json.dumps(report.to_dict(show_values=True), ensure_ascii=False)) == [v for _, v in SHEET.values()]


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_canary_unasked(name: str, report: Report, sheet: Path) -> None:
    def picture(report: Report, longest: int) -> bytes:
        return preview.jpeg(Photo.open(sheet), longest)

    for language in LANGUAGES:
        told = assess(report, Policy.load("default"), language)
        options = RenderOptions(language=language, verbose=True, picture=picture)
        assert canaries("".join(renderer(name)(options).render([told, told]))) == []


def test_a_whole_scan_is_dry(everything: Run, sheet: Path) -> None:
    assert canaries(everything("scan {sheet} -v", sheet=sheet)) == []


def test_cleaning_is_dry(everything: Run, sheet: Path) -> None:
    assert canaries(everything("clean {sheet} -o {home}/out.jpg --receipt {home}/receipt", sheet=sheet)) == []


def test_reading_shows_text_on_standard_output_and_nowhere_else(
    everything: Run, sheet: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []
    monkeypatch.setattr(
        "click.echo", lambda line="", err=False, **_: (sys.stderr.write if err else spoken.append)(line)
    )
    assert canaries(everything("read {sheet}", sheet=sheet)) == []
    assert "7731904" in re.sub(r"[\s\-]", "", "".join(spoken))


# What goes wrong


class UnforeseenError(Exception):
    """An error whose message quotes the photo, as those of libraries do."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__("CANARY-7f31")


def fail(*_: object, **__: object) -> None:
    raise UnforeseenError


@pytest.mark.parametrize("format_", FORMATS)
def test_a_crash_in_every_detector_tells_no_value(
    format_: str, everything: Run, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for detector in REGISTRY:
        monkeypatch.setattr(type(detector), "find", fail)
    monkeypatch.setattr("photoscan.looking.Inspection._decode", lambda *_: None)
    said = everything(f"scan {{photo}} -v --format {format_}", photo=demo / "landscape.jpg")
    assert "UnforeseenError" in said
    assert "7f31" not in said


WHERE = {
    "photoscan.metadata.read": "clean {photo} --metadata-only -o {home}/out.jpg",
    "photoscan.cleaning.clean": "clean {photo} --metadata-only -o {home}/out.jpg",
    "photoscan.headers.read": "scan {photo} --only metadata",
    "photoscan.scanner.Scanner.scan": "scan {photo}",
    "photoscan.risk.explain.why": "scan {photo} --only metadata",
    "photoscan.views.Views.lines": "read {photo}",
    "photoscan.decode._decoded": "read {photo}",
    "photoscan.preview.jpeg": "scan {photo} --only metadata --format html",
    "photoscan.render.text.TextRenderer.render": "scan {photo} --only metadata",
    "photoscan.files.tempfile.mkstemp": "scan {photo} --only metadata -o {home}/report",
    "photoscan.cli.policy.Policy.load": "policy show default",
}
"""Where something crashes, and the command that meets it."""


@pytest.mark.parametrize("where", WHERE)
def test_a_crash_anywhere_tells_no_value(
    where: str, everything: Run, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, fail if where != "photoscan.views.Views.lines" else property(fail))
    said = everything(WHERE[where], photo=demo / "holiday.jpg")
    assert "7f31" not in said
    assert "Traceback" not in said
    assert re.search(r"UnforeseenError, [a-z_/]+\.py:\d+|broken jpeg", said) or "crash: UnforeseenError" in said

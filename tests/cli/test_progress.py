"""The line that moves: what it says, that it leaves nothing behind, that nothing of it is there when nobody watches."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TextIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES
from photoscan.cli import moving
from photoscan.cli.moving import MovingLine, is_watched
from photoscan.cli.progress import Progress
from photoscan.cli.stopping import STOPPED, Stopping
from photoscan.columns import columns, cut, cut_begin
from photoscan.escapes import on_one_line
from photoscan.finding import Field, Finding
from photoscan.kind import Kind
from photoscan.options import ScanOptions
from photoscan.report import DetectorOutcome, Status
from photoscan.scanner import Scanner
from photoscan.stage import Stage
from tests.cli.conftest import Said

OUTCOME = DetectorOutcome("gps", Status.OK)


# ---------------------------------------------------------------- columns

WIDE = {
    "abc": 3,
    "家族": 4,
    "ｱ": 1,
    "é": 1,
    "e\u0301": 1,
    "👍": 2,
    "\u200b": 0,
    "한글.jpg": 8,
    "": 0,
    "ไทย": 3,
    "กำ": 2,
}


@pytest.mark.parametrize("text", WIDE)
def test_columns_of_a_terminal(text: str) -> None:
    assert columns(text) == WIDE[text]


@given(st.text(), st.integers(0, 90))
def test_what_is_cut_fits_and_is_the_beginning_or_the_end(text: str, width: int) -> None:
    begin, end = cut(text, width), cut_begin(text, width)
    assert columns(begin) <= width
    assert columns(end) <= width
    assert text.startswith(begin.removesuffix("..."))
    assert text.endswith(end.removeprefix("..."))
    if columns(text) <= width:
        assert begin == end == text
    elif width > 6:
        # No more is left out than has to be: one wide character less at most.
        assert width - columns(begin) <= 1
        assert begin.endswith("...")
        assert end.startswith("...")


def test_an_accent_does_not_come_to_lie_over_the_mark() -> None:
    assert cut_begin("abce\u0301fghij", 8) == "...fghij"


# ---------------------------------------------------------------- the line itself


class Terminal(io.StringIO):
    """Keeps what a terminal of one line would show; fails for anything but text, carriage returns and ends of lines."""

    def __init__(self, width: int = 80, encoding: str = "utf-8") -> None:
        super().__init__()
        self.width, self.coding = width, encoding
        self.cells: list[str] = []
        self.frames: list[str] = []

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self.coding

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        text.encode(self.coding)
        at = 0
        for character in text:
            if character == "\r":
                at = 0
                continue
            assert unicodedata.category(character) != "Cc", f"a control character: {character!r}"
            wide = columns(character)
            assert at + wide < self.width, "it would go on in the next line"
            self.cells += [" "] * (at + wide - len(self.cells))
            if wide:
                self.cells[at : at + wide] = [character, *([""] * (wide - 1))]
            at += wide
        self.frames.append(self.shown)
        return len(text)

    @property
    def shown(self) -> str:
        return "".join(self.cells).rstrip()


@pytest.fixture
def sized(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lines ask the stream itself for its width."""
    monkeypatch.setattr("photoscan.cli.moving._width", lambda stream: stream.width)
    yield
    moving.end()


SAID = ("a", "家族写真" * 20, "x" * 300, "", "e\u0301" * 40, "\U0001f469\u200d\U0001f467" * 30)


@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "ascii"])
@pytest.mark.usefixtures("sized")
def test_the_line_is_taken_away_whole_whatever_it_said(encoding: str) -> None:
    terminal = Terminal(encoding=encoding)
    said = iter(SAID)
    line = MovingLine(terminal, lambda width: next(said))
    for _ in SAID:
        line.draw()
    line.draw = lambda: None  # type: ignore[method-assign]
    assert terminal.shown
    line.stop()
    assert terminal.shown == ""


@pytest.mark.usefixtures("sized")
def test_each_drawing_hides_the_one_before() -> None:
    terminal = Terminal()
    texts = ["a long sentence about a photo", "short", "家族", "longer again"]
    said = iter(texts)
    line = MovingLine(terminal, lambda width: next(said))
    for text, turn in zip(texts, "|/-\\", strict=True):
        line.draw()
        assert terminal.shown == f"{turn} {text}"
    with line.cleared():
        assert terminal.shown == ""


@pytest.mark.usefixtures("sized")
def test_a_terminal_that_is_made_narrow_gets_short_lines() -> None:
    terminal = Terminal()
    line = MovingLine(terminal, lambda width: "x" * width)
    line.draw()
    assert columns(terminal.shown) == 79
    terminal.width, terminal.cells = 30, terminal.cells[:29]
    line.draw()
    assert columns(terminal.shown) == 29
    terminal.width, terminal.cells = 5, []
    line.draw()
    assert terminal.shown == ""


def test_a_terminal_that_is_gone_is_no_error() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    line = MovingLine(Gone(), lambda width: "something")
    line.start()
    line.stop()


WATCHED = {
    "a terminal": (True, {}, True),
    "a pipe": (False, {}, False),
    "a build machine": (True, {"CI": "true"}, False),
    "one that is none": (True, {"CI": "false"}, True),
    "a terminal that can do nothing": (True, {"TERM": "dumb"}, False),
    "another": (True, {"TERM": "xterm-256color", "NO_COLOR": "1"}, True),
}


@pytest.mark.parametrize("case", WATCHED)
def test_who_watches(case: str) -> None:
    is_terminal, environment, expected = WATCHED[case]
    stream = cast(TextIO, SimpleNamespace(isatty=lambda: is_terminal))
    assert is_watched(stream, environment) is expected
    assert not is_watched(None, environment)


# ---------------------------------------------------------------- what it says


class Clock:
    """Time that a test moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def told(kind: Kind, value: str = "") -> Finding:
    return Finding(kind, 0.9, Field("exif", "X"), "x", "", masked=value)


def test_of_one_photo_the_stage_and_what_its_file_tells() -> None:
    clock = Clock()
    progress = Progress("en", 1, clock)
    assert progress.line(80) == "getting ready"
    progress.started("a.jpg")
    progress.stage("file")
    assert progress.line(80) == "reading the file"
    progress.found(OUTCOME, (told(Kind.METADATA_SERIAL, "1234"), told(Kind.METADATA_DEVICE, "Phone")))
    progress.found(OUTCOME, (told(Kind.METADATA_GPS, "3.1, 101.7"),))
    progress.stage("faces")
    assert progress.line(80) == "The file tells: GPS position 3.1, 101.7, Serial number; looking for faces"
    clock.now += 12
    assert progress.line(75) == "The file tells: GPS position 3.1, 101.7 (+1); looking for faces (12 s)"
    assert progress.line(40) == "looking for faces (12 s)"
    assert progress.line(12) == "looking f..."


def test_of_many_photos_how_far_how_fast_how_long_and_what_was_found() -> None:
    clock = Clock()
    progress = Progress("en", 40, clock)
    progress.started("holiday/a.jpg")
    assert progress.line(80) == "0 of 40 photos; holiday/a.jpg"
    for number in range(10):
        progress.started(f"{number}.jpg")
        progress.finished(f"{number}.jpg")
    clock.now += 20
    assert progress.line(99) == "10 of 40 photos; 2.0 s each; 1:00 min left; holiday/a.jpg"
    assert progress.line(45) == "10 of 40 photos; 2.0 s each; 1:00 min left"
    progress.finished("holiday/a.jpg")
    clock.now -= 18
    assert progress.line(80) == "11 of 40 photos; 5.5 per second; 5 s left"


def test_levels_are_counted_in_the_reports_own_words(demo: Path) -> None:
    scanner = Scanner(ScanOptions(only=("metadata",)))
    progress = Progress("en", 3)
    names = ["holiday.jpg", "landscape.jpg", "manifest.json"]
    list(progress.reports(scanner.scan(demo / name) for name in names))
    assert "; 1 × high risk, 1 × not inspected, 1 × nothing found" in progress.line(120)


def test_the_line_can_be_drawn_at_any_moment(demo: Path) -> None:
    """By its own thread, in the middle of whatever is noted."""
    progress = Progress("en", 3)
    drawn: list[str] = []

    class Levels(Counter[str]):
        def __setitem__(self, level: str, count: int) -> None:
            super().__setitem__(level, count)
            drawn.append(progress.line(120))

    class Names(list[str]):
        def __bool__(self) -> bool:
            there = len(self) > 0
            self.clear()
            return there

    progress.levels = Levels()
    list(progress.reports([Scanner(ScanOptions(only=("metadata",))).scan(demo / "landscape.jpg")]))
    assert "1 × nothing found" in drawn[0]
    progress._names = Names(["a.jpg"])
    assert progress.line(120).startswith("0 of 3 photos; ")


@given(st.text(min_size=1), st.integers(10, 120), st.sampled_from(LANGUAGES))
def test_no_name_of_a_file_acts_on_the_terminal(name: str, width: int, language: str) -> None:
    progress = Progress(language, 3)
    progress.started(name)
    line = progress.line(width)
    assert columns(line) <= width
    assert on_one_line(line) == line


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_has_its_words(language: str) -> None:
    said = set()
    for stage in Stage.__args__:  # type: ignore[attr-defined]
        progress = Progress(language, 1)
        progress.stage(stage)
        said.add(progress.line(80))
    assert len(said) == len(Stage.__args__)  # type: ignore[attr-defined]


def test_a_scan_tells_its_stages(demo: Path) -> None:
    stages: list[Stage] = []
    Scanner(ScanOptions(only=("metadata", "code"))).scan(demo / "web.webp", stage=stages.append)
    assert stages == ["file", "picture", "codes"]


# ---------------------------------------------------------------- who stops it


def test_a_stop_ends_what_is_waited_for_and_keeps_what_was_there() -> None:
    def work() -> Iterator[int]:
        yield from range(3)
        signal.raise_signal(signal.SIGINT)
        yield 3

    before = signal.getsignal(signal.SIGINT)
    stopping = Stopping()
    assert list(stopping.until(work())) == [0, 1, 2]
    assert stopping.asked
    assert signal.getsignal(signal.SIGINT) is before


def test_a_stop_meanwhile_is_heard_before_the_next_and_the_second_ends_everything() -> None:
    stopping = Stopping()
    steps = stopping.until(iter(range(9)))
    assert next(steps) == 0
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert list(steps) == []


def test_whoever_does_not_hear_signals_is_not_made_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "getsignal", lambda number: signal.SIG_IGN)
    monkeypatch.setattr(signal, "signal", lambda *_: pytest.fail("nohup's choice is kept"))
    assert list(Stopping().until(range(3))) == [0, 1, 2]


# ---------------------------------------------------------------- on a terminal, in a process of its own

pty = pytest.importorskip("pty", reason="systems without pseudo terminals")
SLOW = """
import sys, time
import photoscan.scanner as scanner
scan = scanner.Scanner.scan
def slow(self, source, **more):
    if str(source).endswith("slow.jpg"):
        sys.stdout.flush()
        open({sign!r}, "w").close()
        time.sleep(60)
    return scan(self, source, **more)
scanner.Scanner.scan = slow
from photoscan.cli import main
main()
"""
SLOW_COPY = """
import sys, time
import photoscan.safe_copy as safe_copy
made = safe_copy.make_safe_copy
def slow(photo, *rest, **more):
    if photo.name.endswith("slow.jpg"):
        open({sign!r}, "w").close()
        time.sleep(60)
    return made(photo, *rest, **more)
safe_copy.make_safe_copy = slow
from photoscan.cli import main
main()
"""


def on_terminal(command: list[str], out: Any, **environment: str) -> tuple[subprocess.Popen[bytes], int]:
    """A process whose standard error is a terminal; and that terminal."""
    ours, theirs = pty.openpty()
    around = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR")} | {"TERM": "xterm"} | environment
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=theirs, env=around)
    os.close(theirs)
    return process, ours


def whole(terminal: int) -> str:
    """All that is written to a terminal until nobody writes any more."""
    said = b""
    try:
        while part := os.read(terminal, 65536):
            said += part
    except OSError:  # how Linux tells the end
        pass
    os.close(terminal)
    return said.decode()


PROGRAM = [sys.executable, "-m", "photoscan"]


def test_on_a_terminal_there_is_a_line_and_then_there_is_none(demo: Path) -> None:
    command = [*PROGRAM, "scan", "--only", "metadata", str(demo / "holiday.jpg")]
    process, terminal = on_terminal(command, subprocess.PIPE)
    assert process.stdout is not None
    said = whole(terminal)
    report = process.stdout.read().decode()
    assert process.wait() == 1
    assert "getting ready" in said
    assert "The file tells: GPS position" in said
    assert "\x1b" not in said
    assert re.search(r"\r +\r$", said), "it is taken away"
    assert "GPS" in report
    assert "getting ready" not in report


NOBODY = {"quiet": (["-q"], {}), "a build machine": ([], {"CI": "1"}), "no terminal at all": ([], {"TERM": "dumb"})}


@pytest.mark.parametrize("case", NOBODY)
def test_there_is_no_line_where_nobody_wants_one(case: str, demo: Path) -> None:
    options, environment = NOBODY[case]
    command = [*PROGRAM, "scan", "--only", "metadata", *options, str(demo / "holiday.jpg")]
    process, terminal = on_terminal(command, subprocess.DEVNULL, **environment)
    assert whole(terminal) == ""
    assert process.wait() == 1


def test_nothing_of_it_goes_to_a_pipe(demo: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "scan", "--only", "metadata", str(demo / "holiday.jpg")], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_wrong_command_line_is_told_on_a_clean_line(demo: Path) -> None:
    process, terminal = on_terminal([*PROGRAM, "scan", "--profil", "x", str(demo)], subprocess.DEVNULL)
    said = whole(terminal)
    assert process.wait() == 2
    assert re.search(r"\r +\rUsage: ", said)


Running = tuple[subprocess.Popen[bytes], int]


@contextmanager
def _interrupted(
    folder: Path, out: Any, *arguments: str, code: str = SLOW
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A run that is stopped by its user while it is at the last photo; in one process, where that photo is slow."""
    sign = folder.parent / "at it"
    process, terminal = on_terminal(
        [sys.executable, "-c", code.format(sign=str(sign)), *arguments], out, PHOTOSCAN_JOBS="1"
    )
    try:
        for _ in range(600):
            if sign.exists() or process.poll() is not None:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        yield process, terminal
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def three(demo: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg", "slow.jpg"):
        (folder / name).write_bytes((demo / "holiday.jpg").read_bytes())
    return folder


def test_who_stops_a_scan_gets_what_was_found_until_then(three: Path) -> None:
    arguments = ("scan", "--only", "metadata", str(three))
    with _interrupted(three, subprocess.PIPE, *arguments) as (process, terminal):
        assert process.stdout is not None
        report, said = process.stdout.read().decode(), whole(terminal)
        assert process.wait(60) == STOPPED == 130
    assert "2 photos: 2 × high risk" in report
    assert "slow.jpg" not in report
    assert report.endswith("Stopped after 2 of 3 photos; the others were not looked at.\n")
    assert said.count("Stopped after 2 of 3 photos") == 1
    assert "Traceback" not in said


def test_a_document_of_a_part_is_not_written(three: Path) -> None:
    file = three.parent / "report.json"
    arguments = ("scan", "--only", "metadata", "-o", str(file), str(three))
    with _interrupted(three, subprocess.PIPE, *arguments) as (process, terminal):
        said = whole(terminal)
        assert process.wait(60) == STOPPED
    assert "Stopped after 2 of 3 photos" in said
    assert not file.exists()


# ---------------------------------------------------------------- before anything heavy

FIRST = """
import sys
from photoscan.cli import moving
def shown(self):
    sys.stdout.write(" ".join(sys.modules))
    raise SystemExit
moving.MovingLine.start = shown
moving.is_watched = lambda stream: True
from photoscan.cli import main
main()
"""
HEAVY = (
    "numpy",
    "cv2",
    "onnxruntime",
    "PIL",
    "rich",
    "click",
    "photoscan.card",
    "photoscan.errors",
    "photoscan.scanner",
)


def test_the_first_word_waits_for_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST, "scan", "a.jpg"], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "photoscan.catalog" in loaded
    assert not [name for name in HEAVY if name in loaded]


# ---------------------------------------------------------------- complaints

ONCE = {
    "text": ([], (1, 0)),
    "a line each": (["-q"], (1, 0)),
    "everything": (["-v"], (1, 0)),
    "json lines": (["--format", "jsonl"], (1, 1)),
    "a file": (["-o", "{folder}/report.txt"], (0, 1)),
}


@pytest.mark.parametrize("case", ONCE)
def test_what_could_not_be_opened_is_told_once_to_people(case: str, said: Said, tmp_path: Path) -> None:
    options, (in_report, beside) = ONCE[case]
    (tmp_path / "a.jpg").write_text("no photo")
    photo = str(tmp_path / "a.jpg")
    code, out, err = said("scan", photo, "--only", "metadata", *(o.format(folder=tmp_path) for o in options))
    assert code == 2
    assert (out.count("not a photo: it is text"), err.count("not a photo: it is text")) == (in_report, beside)


def test_no_gap_is_lost_among_many_photos(said: Said, demo: Path, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"bad{number:02}.jpg").write_text("no photo")
        (tmp_path / f"good{number:02}.jpg").write_bytes((demo / "holiday.jpg").read_bytes())
    code, out, err = said("scan", str(tmp_path), "--only", "metadata")
    text = "".join(out.split())  # a long path may be parted at the end of a line
    assert (code, err) == (2, "")
    assert "bad00.jpg," in text
    assert "(+17):couldnotbeinspected:notaphoto:itistext" in text
    assert text.count("(notaskedfor)") == 1


WHERE_IT_MOVES = ("scan", "outputs", "clean", "outcome", "receipts", "ignored", "project", "copies", "hands", "jobs")


@pytest.mark.parametrize("name", WHERE_IT_MOVES)
def test_what_is_said_meanwhile_goes_by_way_of_the_line(name: str) -> None:
    """Whoever echoes by himself writes into the middle of it: `aside` and `answer` take it away first."""
    module = Path(moving.__file__).parent / f"{name}.py"
    if module.exists():
        assert "click.echo" not in module.read_text("utf-8")


def test_who_stops_a_cleaning_learns_how_far_it_came(three: Path) -> None:
    arguments = ("clean", "--metadata-only", str(three), "-o", str(three.parent / "safe"))
    with _interrupted(three, subprocess.DEVNULL, *arguments, code=SLOW_COPY) as (process, terminal):
        said = whole(terminal)
        assert process.wait(60) == STOPPED
    assert "Stopped after 2 of 3 photos; of the others there is no copy." in said
    assert "2 copies are in" in said
    assert sorted(file.name for file in (three.parent / "safe").glob("*.jpg")) == ["a.jpg", "b.jpg"]

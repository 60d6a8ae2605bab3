"""Detectors from outside: found where they are installed, used where they are wanted, and no harm to the others."""

from __future__ import annotations

import io
import json
import os
import pickle
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw

from photoscan import Box, Field, Finding, Kind, Policy, Region, Scanner, ScanOptions, Status, UsageError, kind
from photoscan.cli.clean import clean as clean_command
from photoscan.cli.policy import policy as policy_command
from photoscan.cli.scan import scan as scan_command
from photoscan.detectors import REGISTRY
from photoscan.errors import NotInstalledError
from photoscan.fingerprint import fingerprint
from photoscan.outside import installed as home
from photoscan.outside.chosen import Chosen
from photoscan.outside.guard import MOST, guarded
from photoscan.outside.installed import Broken, installed_detectors
from photoscan.service import task
from photoscan.service.settings import Settings
from photoscan.views import Views

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "photoscan-keys"
RED, STEEL = (190, 20, 30), (150, 152, 155)
POINTS = "[photoscan.detectors]\n"


def photo(key: bool = True) -> bytes:
    """A key on a red cloth, taken in May 2024."""
    image = Image.new("RGB", (320, 240), RED)
    if key:
        ImageDraw.Draw(image).rectangle((120, 90, 200, 120), fill=STEEL)
    exif = Image.Exif()
    exif[0x0132] = "2024:05:01 10:00:00"
    out = io.BytesIO()
    image.save(out, "PNG", exif=exif)
    return out.getvalue()


PHOTO = photo()


def install(folder: Path, name: str, points: str) -> None:
    """What pip would leave of a package beside its code."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(points)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newcomers: None) -> Iterator[Path]:
    """A folder on the path in which packages can be installed; gone with all that came from it."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    before = set(sys.modules)
    home.installed.cache_clear()
    yield folder
    home.installed.cache_clear()
    for name in set(sys.modules) - before:
        if name.startswith(("photoscan_keys", "outside_")):
            del sys.modules[name]


@pytest.fixture
def keys(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example package, installed."""
    project = tomllib.loads(EXAMPLE.joinpath("pyproject.toml").read_text())["project"]
    points = project["entry-points"]["photoscan.detectors"]
    install(site, project["name"], POINTS + "\n".join(f"{name} = {value}" for name, value in points.items()))
    monkeypatch.syspath_prepend(EXAMPLE / "src")
    return site


def run(command: Any, *arguments: object) -> Any:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)


# Found and used


def test_a_package_that_is_installed_is_used_and_told_in_every_format(keys: Path, tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(PHOTO)
    result = run(scan_command, file, "--only", "object", "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    (found,) = report["findings"]
    assert (found["kind"], found["detector"], found["severity"]) == ("object.key", "keys", "high")
    assert found["location"]["box"] == [120, 90, 81, 31]
    assert {name: value for name, value in report["detectors"][-1].items() if name != "seconds"} == {
        "name": "keys",
        "status": "ok",
        "reason": None,
    }
    for format_ in ("text", "html", "sarif", "jsonl"):
        shown = run(scan_command, file, "--only", "object", "--format", format_, "--lang", "pt-BR")
        assert "dos seus dentes" in " ".join(shown.stdout.split()), format_


@pytest.mark.usefixtures("keys")
def test_a_clean_copy_covers_what_it_finds(tmp_path: Path) -> None:
    file, copy = tmp_path / "photo.png", tmp_path / "copy.png"
    file.write_bytes(PHOTO)
    result = run(clean_command, file, "-o", copy, "--policy", "strict")
    assert result.exit_code == 0, result.output
    with Image.open(copy) as image:
        assert image.convert("RGB").getpixel((160, 105)) != STEEL
        assert image.convert("RGB").getpixel((300, 220)) == RED


@pytest.mark.usefixtures("keys")
def test_a_value_of_its_kind_can_be_made_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOSCAN_KEY", str(tmp_path / "known.key"))
    arguments = ["allow", "--kind", "object.key"]
    result = CliRunner().invoke(policy_command, arguments, input="front door\n", catch_exceptions=False)
    assert result.exit_code == 0, result.output
    allowed = Policy.parse({"name": "ours", "version": "1", **tomllib.loads(result.stdout)}).allow
    assert [known.kind for known in allowed] == ["object.key"]
    wrong = CliRunner().invoke(policy_command, ["allow", "--kind", "object.lock"], input="front door\n")
    assert wrong.exit_code == 2


def environment(*folders: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [*folders, Path(__file__).parents[1]]))}


def test_processes_of_several_jobs_know_its_kinds_and_no_plugins_leaves_it_out(keys: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.png" for name in "ab"]
    for file in files:
        file.write_bytes(PHOTO)
    policy = tmp_path / "keys.toml"
    policy.write_text('name = "keys"\nversion = "1"\n[kinds]\n"object" = "block"\n')
    command = [sys.executable, "-m", "photoscan", "scan", *files, "--policy", policy, "--format", "jsonl", "--only"]
    around = environment(keys, EXAMPLE / "src")
    done = subprocess.run([*command, "object", "--jobs", "2"], capture_output=True, env=around, check=False)
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert [row["verdict"] for row in rows] == ["block", "block"], done.stderr
    without = [*command, "metadata", "--no-plugins"]
    done = subprocess.run(without, capture_output=True, text=True, env=around, check=False)
    assert done.returncode == 2
    assert "unknown kind 'object'" in done.stderr


@pytest.mark.usefixtures("keys")
def test_the_service_uses_it_only_where_it_is_named() -> None:
    assert Settings().outside == Chosen(())
    job = task.ServiceRequest("check", PHOTO, "platform")
    policies = {"platform": Policy.load("platform")}
    asked = task.answer(policies, ScanOptions(), job, Chosen(("keys",)))
    plain = task.answer(policies, ScanOptions(), job)
    assert isinstance(asked, task.Answer)
    assert isinstance(plain, task.Answer)
    assert "object.key" in asked.kinds
    assert "object.key" not in plain.kinds


@pytest.mark.usefixtures("keys")
def test_who_names_what_is_not_there_is_told() -> None:
    assert [detector.name for detector in installed_detectors("keys")] == ["keys"]
    with pytest.raises(UsageError, match="brings a detector 'kyes'; there are: keys"):
        installed_detectors("kyes")
    with pytest.raises(UsageError, match="two detectors are named 'keys'"):
        Scanner(detectors=[*installed_detectors(), *installed_detectors()])


@pytest.mark.usefixtures("keys")
def test_what_is_chosen_is_loaded_where_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    message = pickle.dumps((Chosen(None), kind.Kind))
    known = {word.value for word in Kind}
    assert "object.key" not in known
    chosen, _ = pickle.loads(message)
    assert Kind("object.key").severity.label == "high"
    assert [detector.name for detector in chosen.detectors()] == ["keys"]
    options, policy = ScanOptions(), Policy()
    assert fingerprint(options, policy, chosen.detectors()) != fingerprint(options, policy)


def test_nothing_is_loaded_where_nothing_is_installed(site: Path) -> None:
    install(site, "other", "[console_scripts]\nphotoscan-other = outside_other:main\n")
    before = set(sys.modules)
    assert [d.name for d in installed_detectors() if d.name == "outside"] == []
    assert not [name for name in set(sys.modules) - before if name.startswith("outside_")]


CLASS = """class thing:
    name, kinds, source = '{name}', ('{kind}',), 'pixels'
    def find(self, views): return ()
"""
BROKEN = {
    "not there": ("", "crash: ModuleNotFoundError"),
    "raises": ("raise ValueError('secret')", "crash: ValueError"),
    "ends": ("import sys; sys.exit(3)", "crash: SystemExit"),
    "no detector": ("thing = 5", "crash: UsageError"),
    "a name of ours": (CLASS.format(name="gps", kind="face"), "name_taken"),
    "an unknown kind": (CLASS.format(name="mine", kind="no.kind"), "crash: UsageError"),
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_one_that_cannot_be_loaded_fails_by_itself(case: str, site: Path) -> None:
    code, reason = BROKEN[case]
    if code:
        (site / "outside_broken.py").write_text(code)
    install(site, "broken", POINTS + "broken = outside_broken:thing\n")
    report = Scanner(ScanOptions(only=("metadata",)), Policy(), detectors=installed_detectors()).scan(PHOTO)
    *ours, last = report.detectors
    assert (last.name.removesuffix("-twice"), last.status, last.reason) == ("broken", Status.FAILED, reason)
    assert "metadata.datetime" in [finding.kind for finding in report.findings]
    assert all(outcome.status is not Status.FAILED for outcome in ours)
    assert report.verdict == "incomplete"
    with pytest.raises(UsageError, match="repair or remove its package"):
        Chosen(("broken",)).usable()


# No harm to the others


class Odd:
    """A detector that does what its function does."""

    name = "odd"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.PLATE,)
    source = "pixels"

    def __init__(self, look: Callable[[Views], Iterable[Any]]) -> None:
        self.look = look

    def find(self, views: Views) -> Iterable[Finding]:
        return self.look(views)


def found(**other: Any) -> Finding:
    fields: dict[str, Any] = {"kind": Kind.PLATE, "confidence": 0.9, "location": Region(Box(10, 10, 40, 12))}
    return Finding(**{**fields, "detector": "odd", "reason": "because", "value": "BQU 5613", **other})


def dies(error: BaseException) -> Callable[[Views], Iterable[Any]]:
    def look(views: Views) -> Iterable[Any]:
        yield found()
        raise error

    return look


def endless(views: Views) -> Iterable[Any]:
    while True:
        yield found()


class Deep(dict[str, Any]):
    """Attributes that nobody can go through."""

    def items(self) -> Any:
        raise OSError


BAD: dict[str, tuple[Callable[[Views], Iterable[Any]], str, int]] = {
    "raises": (dies(ValueError("BQU 5613")), "crash: ValueError", 1),
    "ends the program": (dies(SystemExit(0)), "crash: SystemExit", 1),
    "interrupts": (dies(KeyboardInterrupt()), "crash: KeyboardInterrupt", 1),
    "runs out of stack": (lambda views: endless_depth(), "crash: RecursionError", 0),
    "gives nothing": (lambda views: None, "crash: TypeError", 0),  # type: ignore[arg-type, return-value]
    "gives no findings": (lambda views: ["plate"], "bad_finding", 0),
    "finds for ever": (endless, "bad_finding", MOST),
    "finds another kind": (lambda views: [found(kind=Kind.FACE)], "bad_finding", 0),
    "is too sure": (lambda views: [found(confidence=1.5)], "bad_finding", 0),
    "is not a number sure": (lambda views: [found(confidence=float("nan"))], "bad_finding", 0),
    "has no place": (lambda views: [found(location=None)], "bad_finding", 0),
    "has no room": (lambda views: [found(location=Region(Box(1, 1, 0, 5)))], "bad_finding", 0),
    "is in the file": (lambda views: [found(location=Field("exif", "Artist"))], "bad_finding", 0),
    "reads no text": (lambda views: [found(value=5)], "bad_finding", 0),
    "says what can't be written": (lambda views: [found(attributes={"a": object()})], "bad_finding", 0),
    "says what can't be told": (lambda views: [found(attributes={"hidden": "x"})], "bad_finding", 0),
    "says what can't be gone through": (lambda views: [found(attributes=Deep(a=1))], "bad_finding", 0),
    "is good, then bad": (lambda views: [found(), found(confidence=-1)], "bad_finding", 1),
    "lacks a package": (dies(NotInstalledError("problem.needs.easyocr")), "not_installed", 1),
}


def endless_depth() -> Any:
    return endless_depth()


SEEN = ScanOptions(only=("metadata", "plate"), skip=("metadata.filename",))


@pytest.mark.parametrize("case", sorted(BAD))
def test_its_failure_is_its_own(case: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    look, reason, count = BAD[case]
    monkeypatch.setattr("photoscan.scanner.REGISTRY", OURS)
    report = Scanner(SEEN, Policy(), detectors=[Odd(look)]).scan(PHOTO)
    last = report.detectors[-1]
    assert (last.name, last.reason) == ("odd", reason)
    assert last.status is (Status.SKIPPED if reason == "not_installed" else Status.FAILED)
    assert [f.kind for f in report.findings if f.detector == "odd"] == [Kind.PLATE] * count
    assert "metadata.datetime" in [finding.kind for finding in report.findings]
    assert report.verdict == "incomplete"
    assert "5613" not in json.dumps(report.to_dict())
    assert capsys.readouterr().err == ""


OURS = tuple(detector for detector in REGISTRY if detector.source == "metadata")


def test_a_slow_one_is_left_behind_and_not_given_company(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoscan.scanner.REGISTRY", OURS)
    calls: list[int] = []
    gate = threading.Event()

    def slow(views: Views) -> Iterable[Any]:
        calls.append(1)
        yield found()
        gate.wait(60)

    scanner = Scanner(SEEN, Policy(), detectors=[guarded(Odd(slow), patience=0.2)])
    started = perf_counter()
    first, second = scanner.scan(PHOTO), scanner.scan(PHOTO)
    assert perf_counter() - started < 30
    assert [o.reason for report in (first, second) for o in report.detectors if o.name == "odd"] == ["timeout"] * 2
    assert [f.detector for f in first.findings].count("odd") == 1
    assert len(calls) == 1
    gate.set()
    for _ in range(100):
        if all(report.reason != "timeout" for report in scanner.scan(PHOTO).detectors):
            break
        sleep(0.05)
    assert len(calls) == 2


def test_it_cannot_paint_over_what_the_others_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoscan.scanner.REGISTRY", OURS)

    def paints(views: Views) -> Iterable[Any]:
        views.pixels[:] = 0
        return ()

    report = Scanner(SEEN, Policy(), detectors=[Odd(paints)]).scan(PHOTO)
    assert report.detectors[-1].reason == "crash: ValueError"


def test_its_name_stands_on_its_findings_and_a_policy_can_require_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoscan.scanner.REGISTRY", OURS)
    policy = Policy(required=("odd",))
    scanner = Scanner(SEEN, policy, [Odd(lambda views: [found(detector="gps", id="mine")])])
    (plate,) = [finding for finding in scanner.scan(PHOTO).findings if finding.kind is Kind.PLATE]
    assert plate.detector == "odd"
    assert plate.id.startswith("plate-")
    with pytest.raises(UsageError, match="requires the detector 'odd'"):
        Scanner(SEEN, policy)


def described(**other: object) -> object:
    return type("Thing", (), {"name": "thing", "kinds": (Kind.FACE,), "source": "pixels", "find": print, **other})()


@pytest.mark.parametrize(
    ("detector", "words"),
    [
        (described(name="Key Finder"), "needs a 'name'"),
        (described(name=None), "needs a 'name'"),
        (described(source="sound"), "needs a 'source', one of metadata, pixels, text"),
        (described(find=None), "with a method find"),
        (Odd, "with a method find"),
        (described(kinds="face"), "needs 'kinds'"),
        (described(kinds=()), "needs 'kinds'"),
        (described(kinds=("no.kind",)), "needs 'kinds'"),
        (described(kinds=5), "needs 'kinds'"),
        (described(name="gps"), "two detectors are named 'gps'"),
        (7, "needs a 'name'"),
    ],
)
def test_what_is_no_detector_is_told_at_once(detector: Any, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        Scanner(detectors=[detector])
    assert words in str(caught.value)


def test_detectors_are_a_row_of_them() -> None:
    with pytest.raises(UsageError, match="'detectors'"):
        Scanner(detectors="keys")  # type: ignore[arg-type]
    assert isinstance(Broken("a b", "x").name, str)

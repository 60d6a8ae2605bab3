"""The small programs in docs/examples do what they say; so does the package that brings a detector along."""

from __future__ import annotations

import importlib.util
import io
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image, ImageDraw, ImageFont

from photoscan import Kind, Photo, Policy, Scanner, ScanOptions, scan_text

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(*lines: str) -> bytes:
    """A note with these lines, written by somebody whose name is in the file."""
    image = Image.new("RGB", (480, 60 + 60 * len(lines)), (250, 248, 240))
    for i, line in enumerate(lines):
        ImageDraw.Draw(image).text((60, 50 + 60 * i), line, (20, 20, 30), ImageFont.load_default(30))
    exif = Image.Exif()
    exif[0x013B] = "Aina Contoh"
    exif[0x8298] = "Studio Contoh"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.jpg"
    file.write_bytes(written("Call 012-345 6789"))
    return file


def run(module: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    """The program as its user would start it, in this process."""
    monkeypatch.setattr(sys, "argv", ["example", *map(str, arguments)])
    module.main()


def test_a_picture(note: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(example("scan_picture"), monkeypatch, note)
    said = capsys.readouterr().out
    assert "metadata.person: A. C." in said
    assert "text.phone" in said
    assert "6789" not in said


def test_bytes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    module = example("scan_bytes")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(written("hello"))))
    run(module, monkeypatch)
    said = capsys.readouterr().out
    assert "metadata.person" in said
    assert "Aina" not in said
    assert module.summary(module.stored(Scanner(ScanOptions(only=("metadata",))).scan(b"no photo"))).startswith("not ")


def test_choices(
    note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.png"
    run(example("clean_with_choices"), monkeypatch, note, copy)
    data = copy.read_bytes()
    with Image.open(note) as before, Image.open(copy) as after:
        assert after.format == "PNG"
        assert after.getpixel((5, 5)) != before.getpixel((5, 5))
        assert after.getpixel((5, 100)) == before.getpixel((5, 100))
    assert b"Studio Contoh" in data
    assert b"Aina" not in data
    assert "Phone number" in capsys.readouterr().out
    phones = Scanner(ScanOptions(only=("text.phone",)), Policy()).scan(data).findings
    assert [finding for finding in phones if finding.likely] == []


def test_a_policy(note: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    module = example("own_policy")
    run(module, monkeypatch, note)
    assert ": review (a safe copy was made)\n" in capsys.readouterr().out
    report, copy = module.decide(Photo.open(written("Password: mango#Kite47")), Scanner(policy=module.CLASSIFIEDS))
    assert (report.verdict, copy) == ("block", None)


@pytest.mark.usefixtures("newcomers")
def test_a_detector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    module = example("own_detector")
    file = tmp_path / "card.jpg"
    file.write_bytes(written("LIB-4821-555"))
    run(module, monkeypatch, file)
    said = capsys.readouterr().out
    assert ": text.member_number, " in said
    assert "It opens somebody's account" in said
    assert "4821" not in said.replace(str(file), "")
    caption = ScanOptions(only=("text.member_number",), caption="mine is LIB-4821-555, LIB-4821-556 is not")
    found = Scanner(caption, Policy(), [module.MemberDetector()]).scan_text(caption.caption or "").findings
    assert [(finding.kind, finding.likely) for finding in found] == [(module.MEMBER, True), (module.MEMBER, False)]
    assert [f for f in scan_text("LIB-4821-555") if f.kind is module.MEMBER] == []
    assert Kind("text.member_number") is module.MEMBER


@pytest.fixture
def around() -> dict[str, str]:
    path = os.pathsep.join(map(str, (EXAMPLES / "photoscan-keys" / "src", ROOT)))
    return {**os.environ, "PYTHONPATH": path}


def test_the_package_passes_its_own_tests(around: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", EXAMPLES / "photoscan-keys" / "tests"]
    done = subprocess.run(command, capture_output=True, text=True, env=around, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout

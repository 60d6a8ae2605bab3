"""`photoscan scan` and `photoscan policy` as a user calls them: languages, baselines, known values, formats."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from photoscan.risk import known
from photoscan.risk.policy import Policy
from tests.conftest import Run

HOLIDAY = ("--only", "metadata", "--fail-on", "high")


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(known.ENVIRONMENT, str(tmp_path / "known.key"))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


LANGUAGES = {"ms": "Lokasi GPS", "id": "Posisi GPS", "pt-BR": "Posição GPS", "en": "GPS position"}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_lang(language: str, run: Run, demo: Path) -> None:
    said = run("scan", demo / "holiday.jpg", *HOLIDAY, "--lang", language, "-v").stdout
    assert LANGUAGES[language] in said


def test_without_lang_the_system_speaks(run: Run, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "id_ID.UTF-8")
    assert LANGUAGES["id"] in run("scan", demo / "holiday.jpg", *HOLIDAY, "-v").stdout


def test_a_policy_chooses_a_language(run: Run, demo: Path, tmp_path: Path) -> None:
    policy = tmp_path / "mine.toml"
    policy.write_text("name = 'mine'\nversion = '1'\nlanguage = 'ms'\n")
    assert LANGUAGES["ms"] in run("scan", demo / "holiday.jpg", *HOLIDAY, "-v", "--policy", policy).stdout


def test_a_baseline_leaves_only_news(run: Run, demo: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "reviewed.json"
    first = run("scan", demo / "holiday.jpg", *HOLIDAY, "--baseline", baseline, "--update-baseline")
    assert first.returncode == 1
    assert "noted as reviewed" in first.stderr
    assert "holiday" not in baseline.read_text()
    again = run("scan", demo / "holiday.jpg", *HOLIDAY, "--baseline", baseline)
    assert (again.returncode, "nothing new" in again.stdout) == (0, True)
    news = run("scan", demo / "holiday.jpg", demo / "web.webp", *HOLIDAY, "--baseline", baseline, "--format", "jsonl")
    scores = [json.loads(row)["risk"]["score"] for row in news.stdout.splitlines()]
    assert scores[0] == 0 < scores[1]


EXITS = {
    # (what is looked for, what the policy blocks, --fail-on): a position is of high risk, a camera's name of low risk
    ("metadata.gps", "metadata.gps", None): 1,
    ("metadata.gps", None, None): 1,
    ("metadata.gps", "metadata.gps", "critical"): 0,
    ("metadata.device", None, None): 0,
    ("metadata.device", "metadata.device", None): 1,
    ("metadata.device", "metadata.device", "high"): 0,
    ("metadata.device", None, "low"): 1,
}


@pytest.mark.parametrize("case", EXITS, ids=str)
def test_the_exit_code_heeds_the_policy_unless_a_level_is_given(
    case: tuple[str, str | None, str | None], run: Run, demo: Path, tmp_path: Path
) -> None:
    only, blocked, level = case
    policy = tmp_path / "mine.toml"
    policy.write_text("name = 'mine'\nversion = '1'\n[kinds]\n" + (f"'{blocked}' = 'block'\n" if blocked else ""))
    fail_on = ("--fail-on", level) if level else ()
    result = run("scan", demo / "holiday.jpg", "--only", only, "--policy", policy, *fail_on, "--format", "json")
    assert (json.loads(result.stdout)["verdict"] == "block") is (blocked is not None)
    assert result.returncode == EXITS[case]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--baseline", "none.json"), "--update-baseline"),
        (("--update-baseline",), "needs --baseline"),
        (("--policy", "strikt"), "did you mean 'strict'"),
    ],
)
def test_wrong_use_is_told_with_help(arguments: tuple[str, ...], message: str, run: Run, demo: Path) -> None:
    result = run("scan", demo / "holiday.jpg", *HOLIDAY, *arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_known_place_counts_for_nothing(run: Run, demo: Path, tmp_path: Path) -> None:
    shown = run("scan", demo / "holiday.jpg", "--only", "metadata.gps", "--format", "json", "--show-values")
    (position,) = (f["value"] for f in json.loads(shown.stdout)["findings"])
    lines = run("policy", "allow", "--kind", "metadata.gps", "--note", "our beach", stdin=f"{position}\n".encode())
    assert lines.returncode == 0, lines.stderr
    assert position.split(",")[0] not in lines.stdout + lines.stderr
    policy = tmp_path / "mine.toml"
    policy.write_text("name = 'mine'\nversion = '1'\n" + lines.stdout)
    assert run("policy", "check", policy).returncode == 0
    result = run("scan", demo / "holiday.jpg", "--only", "metadata.gps", "--policy", policy, "--fail-on", "low")
    assert result.returncode == 0
    assert "nothing new (0/100)" in result.stdout


def test_policy_check_tells_every_problem_by_line(run: Run, tmp_path: Path) -> None:
    policy = tmp_path / "mine.toml"
    policy.write_text("name = 'mine'\nversion = '1'\nblock_from = 'hihg'\nrequired = ['faces']\n")
    result = run("policy", "check", policy)
    assert result.returncode == 2
    assert "line 3: 'block_from' has to be one of" in result.stderr
    policy.write_text("name = 'mine'\nversion = '1'\nrequired = ['faces']\n")
    assert "requires the detector 'faces'" in run("policy", "check", policy).stderr


@pytest.mark.parametrize("name", ["default", "platform", "workshop", "strict"])
def test_policy_show(name: str, run: Run) -> None:
    result = run("policy", "show", name)
    assert result.returncode == 0
    assert f"{name}, version {Policy.load(name).version}" in result.stdout


def test_html_of_standard_input_shows_its_picture(run: Run, demo: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    data = (demo / "holiday.jpg").read_bytes()
    result = run("scan", "-", *HOLIDAY, "--format", "html", "-o", page, stdin=data)
    assert result.returncode == 1
    text = page.read_text("utf-8")
    assert text.count("data:image/jpeg;base64,") == 1
    assert "Kuah" in text


CANARIES = {
    "holiday.jpg": ["Hakim", "Yusri", "0047719", "family holiday", "6.320094", "99.84318"],
    "generated.png": ["Sarah", "Collins"],
}


@pytest.mark.parametrize("format_", ["text", "json", "jsonl", "html", "sarif"])
def test_nothing_personal_in_any_output_log_or_temporary_file(format_: str, demo: Path, tmp_path: Path) -> None:
    """With every canary in the photos: stdout, stderr, the report, Python's own logs and temporary folders stay dry."""
    home, temporary, out = (tmp_path / name for name in ("home", "tmp", "out"))
    for folder in (home, temporary, out):
        folder.mkdir()
    environment = os.environ | {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PYTHONDEVMODE": "1",
        "PYTHONWARNINGS": "default",
    }
    code = "import logging; logging.basicConfig(level=0); from photoscan.cli import main; main()"
    command = [sys.executable, "-c", code, "scan", *(str(demo / name) for name in CANARIES), "--only", "metadata",
               "--format", format_, "-o", str(out / "report"), "-v", "--baseline", str(out / "base"),
               "--update-baseline"]  # fmt: skip
    result = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert result.returncode == 1, result.stderr
    left = [path.read_bytes() for folder in (home, temporary, out) for path in folder.rglob("*") if path.is_file()]
    assert len(left) == 2
    said = b"\n".join([result.stdout, result.stderr, *left]).decode()
    assert [canary for canaries in CANARIES.values() for canary in canaries if canary in said] == []


def test_a_crash_tells_no_value(demo: Path, run: Run, tmp_path: Path) -> None:
    code = (
        "from photoscan.detectors.gps import GpsDetector\n"
        "def find(self, views):\n    raise ValueError('CANARY 6.320094')\n"
        "GpsDetector.find = find\nfrom photoscan.cli import main\nmain()"
    )
    command = [sys.executable, "-c", code, "scan", str(demo / "holiday.jpg"), "--only", "metadata", "-v"]
    result = subprocess.run(command, capture_output=True, check=False)
    assert result.returncode == 2
    assert b"CANARY" not in result.stdout + result.stderr
    assert b"ValueError" in result.stdout + result.stderr


@pytest.mark.parametrize("arguments", [("scan",), ("policy",), ("policy", "allow"), ()])
def test_help_speaks_the_language_of_the_system(
    arguments: tuple[str, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {}
    for locale in ("C", "ms_MY.UTF-8", "id_ID.UTF-8", "pt_BR.UTF-8"):
        monkeypatch.setenv("LC_ALL", locale)
        result = run(*arguments, "--help")
        assert result.returncode == 0
        said[locale] = result.stdout
    assert len(set(said.values())) == 4


def small(folder: Path, name: str, comment: str = "") -> Path:
    """A photo of a few pixels under any name, with a comment in a field of any name."""
    data, text = io.BytesIO(), PngImagePlugin.PngInfo()
    if comment:
        text.add_text(comment, "a word")
    Image.new("RGB", (16, 16)).save(data, "PNG", pnginfo=text)
    path = folder / name
    try:
        path.write_bytes(data.getvalue())
    except OSError:
        pytest.skip("this file system knows no such name")
    return path


@pytest.mark.parametrize("format_", ["text", "html", "json", "sarif"])
def test_a_report_is_never_written_over_a_photo(format_: str, run: Run, tmp_path: Path) -> None:
    photo = small(tmp_path, "a.png")
    before = photo.read_bytes()
    for given in (photo, tmp_path):
        result = run("scan", given, "--only", "metadata", "--format", format_, "-o", photo)
        assert result.returncode == 2
        assert "a.png" in result.stderr
        assert photo.read_bytes() == before
    assert run("scan", photo, "--only", "metadata", "-o", tmp_path / "report").returncode == 0


@pytest.mark.parametrize("format_", ["text", "html", "json", "jsonl", "sarif"])
def test_a_name_that_is_no_text_costs_no_report(format_: str, run: Run, tmp_path: Path) -> None:
    small(tmp_path, os.fsdecode(b"bad\xff\xfe.png"))
    small(tmp_path, "good.png")
    out = tmp_path / "report"
    command = ("scan", tmp_path, "--only", "metadata", "--format", format_)
    assert run(*command, "-o", out).returncode == 0
    told = out.read_text("utf-8")
    assert "good.png" in "".join(told.split())
    if format_ in ("json", "sarif"):
        json.loads(told)
    assert run(*command).returncode == 0


@pytest.mark.parametrize("name", ["receipts.json", "receipts.txt"])
def test_a_name_that_is_no_text_costs_no_receipts(name: str, run: Run, tmp_path: Path) -> None:
    photos, receipts = tmp_path / "photos", tmp_path / name
    photos.mkdir()
    small(photos, os.fsdecode(b"bad\xff\xfe.png"))
    small(photos, "good.png")
    result = run("clean", photos, "-o", tmp_path / "safe", "--metadata-only", "--receipt", receipts)
    assert result.returncode == 0, result.stderr
    told = receipts.read_text("utf-8")
    assert "good.png" in told
    if name.endswith("json"):
        assert len(json.loads(told)) == 2


ESCAPES = "\x1b]0;owned\x07\x1b[31m"


def test_nothing_in_a_photo_acts_on_the_terminal(run: Run, tmp_path: Path) -> None:
    photo = small(tmp_path, f"esc{ESCAPES}\u202e.png", comment="Zq\x1b[35mKey")
    said = [run("scan", photo, "--only", "metadata", "-v", "--show-values")]
    said += [run("clean", photo, "--metadata-only", "-o", tmp_path / "safe.png"), run("scan", f"{photo}?")]
    for result in said:
        assert result.stdout + result.stderr
        assert not set("\x1b\x07\u202e") & set(result.stdout + result.stderr)

"""The names that `import photoscan` promises: to people, to editors and to type checkers."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mypy import api

import photoscan
from tests import public_program

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
PROGRAM = ROOT / "tests" / "public_program.py"
PUBLIC_MODULES = {
    "photoscan": set(photoscan.__all__),
    "photoscan.batch": {"Part", "Shard", "Sink"},
    "photoscan.client": {"Album", "Check", "Client", "Cleaned", "ServiceError"},
}
"""The modules that programs may import from, and what of them: `photoscan.client` needs nothing but Python, and
`photoscan.batch` names what a sink of another package gets.
"""


def test_dir_lists_the_public_names_and_loads_nothing() -> None:
    assert set(photoscan.__all__) <= set(dir(photoscan))
    script = "import sys, photoscan; print('scan' in dir(photoscan), 'photoscan.api' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="scna"):
        _ = getattr(photoscan, "scna")  # noqa: B009 - a checker would see it


def test_the_public_names_are_these_and_a_program_uses_each() -> None:
    """A name that goes breaks somebody's program: docs/python.md says how one is taken back."""
    assert set(photoscan.__all__) == {
        "Box", "Card", "CardError", "CleanPlan", "CleanResult", "CleaningError", "CorruptPhotoError", "Decision",
        "DetectorOutcome", "DetectorProtocol", "Family", "Field", "Finding", "FiredRule", "IgnoredRegion", "Kind",
        "KindRule", "KnownValue", "Limits", "ModelError", "NotInstalledError", "NotReadableError", "NotSeenError",
        "Photo", "PhotoInfo", "PhotoscanError", "Policy", "Receipt", "Redaction", "Region", "Report", "ReportError",
        "Risk", "ScanOptions", "Scanner", "Severity", "Span", "Status", "TextDetector", "TextLine", "TextMatch",
        "TooLargeError", "UnsupportedFormatError", "UsageError", "Views", "clean", "clean_async",
        "installed_detectors", "register", "scan", "scan_async", "scan_text",
    }  # fmt: skip
    used = {node.id for node in ast.walk(ast.parse(PROGRAM.read_text("utf-8"))) if isinstance(node, ast.Name)}
    assert set(photoscan.__all__) - used == set()
    assert len(public_program.main()) > 10


def test_a_type_checker_knows_every_name_and_sees_a_mistyped_one(tmp_path: Path) -> None:
    """The program, all examples, and a program that is wrong in four places, checked strictly in one run."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from photoscan import scan, scna\nimport photoscan\nphotoscan.claen\n"
        "report: photoscan.Report = scan('a')\n"
        "photoscan.CleanPlan(metadata_only='no')\nphotoscan.Policy(kinds={'face': 'blok'})\n"
    )
    examples = [*EXAMPLES.glob("*.py"), EXAMPLES / "photoscan-keys" / "src"]
    files = [str(file) for file in (wrong, PROGRAM, *examples)]
    # By the project's settings, so that what `make lint` has found out is not found out again.
    settings = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")]
    said, problems, status = api.run([*settings, *files])
    assert status == 1, problems
    told = [line for line in said.splitlines() if ": error:" in line]
    assert all("wrong.py:" in line for line in told), said
    assert len(told) == 4
    for words in ('has no attribute "scna"', 'has no attribute "claen"', '"metadata_only" to "CleanPlan"', "dict-item"):
        assert words in said


def test_every_public_name_says_what_it_is_and_what_it_raises() -> None:
    """Itself, and whatever of it can be called."""
    silent = []
    for name in photoscan.__all__:
        thing = getattr(photoscan, name)
        parts = {name: thing}
        if inspect.isclass(thing):
            rows = {f"{name}.{part}": getattr(thing, part) for part in vars(thing) if not part.startswith("_")}
            parts |= {part: row for part, row in rows.items() if callable(row) or isinstance(row, property)}
        silent += [part for part, row in parts.items() if not row.__doc__ or row.__doc__.startswith(f"{name}(")]
    assert silent == []
    for name in ("Scanner", "scan", "clean", "scan_text", "ScanOptions", "Limits", "CleanPlan", "Policy", "register"):
        assert "Error" in (getattr(photoscan, name).__doc__ or ""), name
    for method in (photoscan.Photo.open, photoscan.Report.from_dict, photoscan.Policy.load, photoscan.Policy.parse):
        assert "Error" in (method.__doc__ or ""), method


SHOWN = {file.name: file.read_text("utf-8") for file in EXAMPLES.rglob("*.py")}
SHOWN |= {
    f"{file.name}, {number}": code
    for file in (ROOT / "docs" / "python.md", ROOT / "README.md")
    for number, code in enumerate(re.findall(r"```python\n(.*?)```", file.read_text("utf-8"), re.DOTALL), 1)
}
"""Programs that people are shown."""


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_examples_use_public_names_alone(name: str) -> None:
    """What they import of us is promised, and nothing that begins with '_' is touched."""
    tree = ast.parse(SHOWN[name])
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "photoscan":
            taken = {alias.name for alias in node.names}
            assert node.module in PUBLIC_MODULES, node.module
            assert taken <= PUBLIC_MODULES[node.module]
        if isinstance(node, ast.Import):
            assert not [alias.name for alias in node.names if alias.name.split(".")[0] == "photoscan"]
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_")


TEXTS = (".md", ".json", ".py", ".yml", ".yaml", ".toml", ".sh", ".html", ".js")
ALONE = {"Makefile", "Dockerfile"}


def test_nobody_is_told_to_install_the_bare_name_from_an_index() -> None:
    """Until a release no index holds it: whoever registers the name first would be installed."""
    bare = re.compile(r"(?:pip|pipx|uv|uvx|poetry|conda)\s+(?:[a-z-]+\s+)*?['\"]?photoscan(?![\w./*-])", re.IGNORECASE)
    assert bare.search("pip install 'photoscan[people]'")
    assert bare.search("pip install photoscan")
    assert bare.search("uv tool install photoscan")
    assert not bare.search("pip install photoscan-*.whl")
    folders = ("photoscan", "docs", "models", "scripts", "benchmarks", "requirements", ".ci")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file()]
    files += [file for file in ROOT.iterdir() if file.is_file()]
    told = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in files
        if file.suffix in TEXTS or file.name in ALONE
        for line in file.read_text("utf-8").splitlines()
        if bare.search(line)
    ]
    assert told == []


NUMBER = re.compile(r"\b(int|float|Box|Polygon|Point|Pixels)\b")
UNIT = re.compile(
    r"pixel|\bbytes?\b|second|degree|radian|\byears?\b|\bshares?\b|0\.\.\d|\b0 to 1\b|how many|"
    r"ind(ex|ices)\b|at least \d|\d, \d or \d",
    re.IGNORECASE,
)
"""What makes a number mean something: its unit, its range, or what it counts."""


def tells(doc: str, name: str | None = None) -> bool:
    """Whether a docstring has a unit or a range in the piece about a name, or anywhere."""
    pieces = re.split(r"(?<=[.;])\s+(?=[`A-Z])", doc)
    return any(UNIT.search(piece) for piece in pieces if name is None or f"`{name}`" in piece)


def unmeasured(thing: Any, label: str) -> list[str]:
    """Numbers of a public function or class whose docstrings give neither unit nor range."""
    if not inspect.isclass(thing):
        return _of_call(thing, label, "")
    found = []
    whole = inspect.getdoc(thing) or ""
    if dataclasses.is_dataclass(thing):
        numbers = [field.name for field in dataclasses.fields(thing) if NUMBER.search(str(field.type))]
        found += [f"{label}.{name}" for name in numbers if not tells(whole, name)]
    elif "__init__" in vars(thing) and not issubclass(thing, BaseException):
        found += _of_call(thing.__init__, label, whole)
    for name, member in vars(thing).items():
        if name.startswith("_"):
            continue
        called = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if inspect.isfunction(called):
            found += _of_call(called, f"{label}.{name}", "")
    return found


def _of_call(called: Any, label: str, doc: str) -> list[str]:
    doc = doc or inspect.getdoc(called) or ""
    signature = inspect.signature(called)
    numbers = [p.name for p in signature.parameters.values() if NUMBER.search(str(p.annotation))]
    found = [f"{label}({name})" for name in numbers if not tells(doc, name)]
    return found + ([label] if NUMBER.search(str(signature.return_annotation)) and not tells(doc) else [])


def quiet_of_errors(thing: Any, label: str) -> list[str]:
    """What takes arguments, and says neither which errors it raises nor that it raises none of its own."""
    if not inspect.isclass(thing):
        members = {label: thing}
    else:
        called = {name: getattr(member, "__func__", member) for name, member in vars(thing).items()}
        members = {f"{label}.{name}": m for name, m in called.items() if name[0] != "_" and inspect.isfunction(m)}
    return [
        name
        for name, member in members.items()
        if set(inspect.signature(member).parameters) - {"self"}
        and not re.search(r"Error\b|\b[Rr]aises? nothing|\braises\b", inspect.getdoc(member) or "")
    ]


@dataclasses.dataclass
class Badly:
    """One that says too little. `wide`: it is.

    `tall`: in pixels.
    """

    wide: int
    tall: int

    def half(self, of: float) -> float:
        """A part of `of`."""
        return of / self.wide


def test_a_number_without_a_unit_and_an_error_that_is_not_named_are_seen() -> None:
    assert unmeasured(Badly, "Badly") == ["Badly.wide", "Badly.half(of)", "Badly.half"]
    assert quiet_of_errors(Badly, "Badly") == ["Badly.half"]


def test_every_public_number_has_a_unit_or_a_range() -> None:
    assert [row for name in photoscan.__all__ for row in unmeasured(getattr(photoscan, name), name)] == []


def test_whatever_takes_arguments_says_what_it_raises() -> None:
    assert [row for name in photoscan.__all__ for row in quiet_of_errors(getattr(photoscan, name), name)] == []

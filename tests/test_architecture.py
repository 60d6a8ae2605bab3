"""The house keeps its shape: who may import whom, no cycles, small modules, light starts."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "photoscan"

SHELLS = {"cli", "batch", "service", "workshop"}
MAY_IMPORT = {
    # room: the rooms that it may know; every room may know the ground floor and itself
    "errors": {"catalog"},  # as a sentence is told, not before
    "photo": {"formats", "headers", "decode", "source", "unseen", "tiff_survey"},
    "tiff_survey": set(),
    "source": set(),
    "container": set(),
    "formats": {"container"},
    "unseen": {"formats", "decode", "metadata"},
    "decode": {"formats", "source", "vision"},
    "headers": {"formats"},
    "models": set(),
    "people": {"files"},
    "metadata": {"photo", "formats", "headers"},
    "vision": {"photo", "formats", "models", "plate_formats", "textual"},
    "plate_formats": {"textual"},
    "textual": {"metadata"},
    "views": {"photo", "metadata", "vision", "people", "unseen"},
    "beneath": {"views", "detectors"},
    "detectors": {"views", "unseen", "photo", "metadata", "vision", "textual", "plate_formats", "formats", "people"},
    "captions": {"detectors"},
    "risk": {"catalog", "brushes"},
    "render": {"risk", "catalog", "formats"},
    "scanner": {"beneath", "people", "photo", "source", "views", "detectors", "risk", "models", "captions"},
    "said": set(),
    "coded": set(),
    "brushes": {"coded"},
    "stripping": {"coded", "formats", "tiff_survey", "unseen"},
    "redaction": {"brushes", "coded", "decode", "formats", "photo", "said", "stripping"},
    "cleaning": {
        "brushes", "catalog", "decode", "files", "formats", "metadata", "photo", "redaction", "said", "stripping",
        "tiff_survey", "unseen",
    },
    "safe_copy": {"cleaning", "said", "photo", "risk", "scanner"},  # above the scanner and cleaning, below every shell
    "on_purpose": {"cleaning", "photo", "risk"},
    "preview": {"photo"},
    "api": {"photo", "source", "scanner", "cleaning", "safe_copy"},
    "workers": set(),
    "folder": {"formats"},
    "fingerprint": {"models", "risk"},
    "batch": {"workers", "folder", "scanner", "risk", "models", "metadata", "detectors"},
    "client": set(),
    "web": set(),
    "service": {
        "brushes", "catalog", "cleaning", "files", "formats", "models", "photo", "risk", "safe_copy", "scanner",
        "web", "workers",
    },
    "workshop": {
        "catalog", "cleaning", "detectors", "formats", "models", "photo", "preview", "render", "risk", "safe_copy",
        "scanner", "web",
    },
    "cli": {
        "api", "batch", "brushes", "captions", "catalog", "cleaning", "files", "fingerprint", "folder", "formats",
        "metadata", "models", "on_purpose", "people", "photo", "preview", "render", "risk", "safe_copy", "said",
        "scanner", "service", "stripping", "views", "workers", "workshop",
    },
}  # fmt: skip
GROUND = {
    "", "errors", "geometry", "card", "kind", "masking", "finding", "report", "decision", "options", "textline",
    "pixels", "addresses", "documentation",
}  # fmt: skip
"""The ground floor: plain data that everybody may know."""


def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = list(path.relative_to(ROOT).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> list[tuple[str, bool]]:
    """Every photoscan module that a module names, and whether it does so at import time and at run time alike."""
    found = []
    tree = ast.parse(path.read_text("utf-8"))

    def visit(node: ast.AST, top: bool) -> None:
        for child in ast.iter_child_nodes(node):
            inner = top
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) or (
                isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
            ):
                inner = False
            if isinstance(child, ast.Import):
                found.extend((alias.name, top) for alias in child.names if alias.name.split(".")[0] == "photoscan")
            elif isinstance(child, ast.ImportFrom) and child.module and child.module.split(".")[0] == "photoscan":
                found.extend((f"{child.module}.{alias.name}", top) for alias in child.names)
            visit(child, inner)

    visit(tree, True)
    return found


def resolved(name: str, known: dict[str, Path]) -> str:
    """The module that 'package.module.attribute' belongs to."""
    while name not in known:
        name = name.rpartition(".")[0]
    return name


def room(module: str) -> str:
    return [*module.split("."), ""][1]


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_only_what_its_room_may_know(module: str) -> None:
    known = modules()
    own = room(module)
    if own in ("", "__main__"):
        return
    allowed = GROUND | {own} | MAY_IMPORT.get(own, set())
    named = {room(resolved(name, known)) for name, _ in imports(known[module])}
    assert named <= allowed, f"{module} must not know {sorted(named - allowed)}"


def test_every_room_that_has_rules_exists() -> None:
    rooms = {room(module) for module in modules()}
    assert set(MAY_IMPORT) - rooms <= {"people"}


def test_shells_do_not_know_one_another() -> None:
    """The command line starts the others, each from the command of its name."""
    known = modules()
    for module, path in known.items():
        if room(module) in ("", "__main__"):
            continue
        named = {room(resolved(name, known)) for name, _ in imports(path)} & SHELLS - {room(module)}
        starts = {module.rpartition(".")[2].replace("serve", "service")} if room(module) == "cli" else set()
        assert named <= starts, f"{module} must not know {sorted(named - starts)}"


def test_there_is_one_way_to_a_safe_copy() -> None:
    """Nobody but `safe_copy` puts plan, scan, cleaning and second scan together."""
    inner = {"clean", "foresee"}
    for module, path in modules().items():
        if module == "photoscan.safe_copy" or room(module) == "cleaning":
            continue
        named = {name for name, _ in imports(path)} & {f"photoscan.cleaning.{name}" for name in inner}
        called = [
            node.attr
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Attribute) and node.attr in inner and ast.unparse(node.value).endswith("cleaning")
        ]
        assert not named | set(called), module


def test_no_import_cycle() -> None:
    known = modules()
    graph = {
        module: {
            resolved(name, known)
            for name, top in imports(path)
            # A package's __init__ that re-exports its own parts is one unit with them.
            if top and not module.startswith(resolved(name, known) + ".") and resolved(name, known) != module
        }
        for module, path in known.items()
    }
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, f"import cycle: {' -> '.join([*path[path.index(module) :], module])}"
        if module not in done:
            for other in sorted(graph[module]):
                walk(other, (*path, module))
            done.add(module)

    for module in sorted(graph):
        walk(module, ())


def test_detectors_do_not_import_one_another() -> None:
    known = modules()
    shared = {"photoscan.detectors.base", "photoscan.detectors.metadata_values"}
    for module, path in known.items():
        if module.startswith("photoscan.detectors.") and module not in shared:
            others = {resolved(name, known) for name, _ in imports(path)}
            strangers = {o for o in others if o.startswith("photoscan.detectors.")} - shared - {module}
            # A family of modules under one folder is one detector.
            strangers = {o for o in strangers if o.split(".")[:3] != module.split(".")[:3]}
            assert not strangers, f"{module} imports {sorted(strangers)}"


def test_risk_and_render_see_no_image_library() -> None:
    heavy = ("cv2", "numpy", "PIL", "onnxruntime")
    for module, path in modules().items():
        if room(module) in ("risk", "render"):
            tree = ast.parse(path.read_text("utf-8"))
            names = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
            names += [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
            assert not [n for n in names if n.split(".")[0] in heavy], module


@pytest.mark.parametrize("module", sorted(modules()))
def test_modules_stay_small(module: str) -> None:
    assert len(modules()[module].read_text("utf-8").splitlines()) <= 400


LIGHT = {
    "--help": ("photoscan.detectors", "rich", "numpy", "cv2", "onnxruntime", "PIL"),
    "serve --help": ("photoscan.service", "fastapi", "uvicorn", "rich", "numpy", "cv2", "onnxruntime", "PIL"),
    "scan --only metadata {photo} --format jsonl": ("rich", "numpy", "cv2", "onnxruntime", "PIL", "phonenumbers"),
    "scan --only metadata {photo}": ("numpy", "cv2", "onnxruntime", "PIL", "phonenumbers"),
    # Whether something stands behind the picture's last block can't be told without a decoder.
    "clean --metadata-only {photo} -o {out}": ("rich", "cv2", "onnxruntime", "phonenumbers"),
}


@pytest.mark.parametrize("command", sorted(LIGHT))
def test_light_commands_load_no_heavy_library(command: str, demo: Path, tmp_path: Path) -> None:
    arguments = command.format(photo=demo / "holiday.jpg", out=tmp_path / "clean.jpg").split()
    code = (
        "import sys\nfrom photoscan.cli import main\n"
        f"sys.argv = ['photoscan', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('\\nLOADED', ' '.join(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = result.stdout.rpartition("LOADED")[2].split()
    assert not [name for name in LIGHT[command] if name in loaded]

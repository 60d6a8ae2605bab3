"""Folders tell what they pass over: by kind, in every format, and without what nobody put there."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from photoscan.folder import photos_in
from photoscan.ignoring import NOTHING
from photoscan.passed import MAX_LISTED, Passed
from photoscan.render import RenderOptions, renderer
from photoscan.report import PhotoInfo, Report
from tests.cli.conftest import Said, said
from tests.metadata.containers import jpeg

__all__ = ["said"]
OTHERS = {
    "a.pdf": "pdf", "sub/B.PDF": "pdf", "clip.MKV": "film", "arch.tar.gz": "archive", "voice.m4a": "sound",
    "pic.psd": "picture", "notes.txt": "document", "album.json": "notes", "IMG_9.AAE": "notes", "weird.xyz": "other",
    "none": "other",
}  # fmt: skip
UNMEANT = (".DS_Store", "Thumbs.db", "desktop.ini", ".hidden.pdf", ".git/config", "__MACOSX/x.pdf", "sub/@eaDir/y.pdf")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    for name in (*OTHERS, *UNMEANT, "IMG_1.jpg.json", "sub/2.xmp"):
        file = tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"{}")
    for name in ("IMG_1.jpg", "sub/2.jpg"):
        (tree / name).write_bytes(jpeg())
    return tree


def walked(tree: Path, apart: bool = True) -> Passed:
    passed = Passed(apart)
    assert len(list(photos_in(tree, NOTHING, passed))) == 2
    return passed


def test_what_is_passed_over_is_counted_by_kind(tree: Path) -> None:
    passed = walked(tree)
    assert {str(Path(path).relative_to(tree)): kind for path, kind in passed.files} == OTHERS
    assert passed.counts == Counter(OTHERS.values())
    assert (passed.sidecars, passed.ends) == (2, Counter({".json": 1, ".xmp": 1}))


def test_what_belongs_to_photos_is_passed_over_where_nobody_reads_it(tree: Path) -> None:
    passed = walked(tree, apart=False)
    assert passed.counts["notes"] == 4
    assert not passed.sidecars


def test_files_are_listed_up_to_a_limit_and_counted_beyond() -> None:
    passed = Passed()
    passed.add(Path("a"), Path("a"), (), [f"{number}.pdf" for number in range(MAX_LISTED + 5)])
    assert (len(passed.files), passed.unlisted(), passed.counts["pdf"]) == (MAX_LISTED, 5, MAX_LISTED + 5)
    assert passed.lines("en", verbose=True)[-1] == "  and 5 more"


def test_nothing_passed_over_is_nothing_said() -> None:
    assert Passed().lines("en") == []
    assert not Passed()


@pytest.mark.parametrize("format_", ["text", "json", "jsonl", "sarif", "html"])
def test_every_format_has_its_place(tree: Path, format_: str) -> None:
    passed = walked(tree)
    reports = [Report(PhotoInfo(name), "1") for name in ("a.jpg", "b.jpg")]
    written = "".join(renderer(format_)(RenderOptions(passed=passed, width=500)).render(reports))
    without = "".join(renderer(format_)(RenderOptions(passed=Passed(), width=500)).render(reports))
    assert "Passed over" not in without
    assert "passed" not in without
    if format_ in ("text", "html"):
        assert "Passed over, not looked at: 1 film, 2 PDF documents" in written
        return
    rows = [json.loads(line) for line in written.splitlines()] if format_ == "jsonl" else json.loads(written)
    if format_ == "sarif":
        assert rows["runs"][0]["properties"]["passedOver"] == passed.to_dict()
        return
    assert [row.pop("passed_over", None) for row in rows] == [passed.to_dict(), None]
    assert len(rows) == 2


def test_a_scan_says_it_once(tree: Path, said: Said) -> None:
    code, out, err = said("scan", "--only", "metadata", "--jobs", "1", str(tree))
    assert (code, " ".join(out.split()).count("Passed over"), err.count("Passed over")) == (0, 1, 0)
    code, out, err = said("scan", "--only", "metadata", "--jobs", "1", "--format", "jsonl", str(tree))
    assert (code, err.count("Passed over"), len(out.splitlines())) == (0, 1, 2)
    code, out, err = said("scan", "--only", "metadata", str(tree / "IMG_1.jpg"))
    assert "Passed over" not in out + err


def test_copies_leave_the_files_beside_and_say_so(tree: Path, said: Said, tmp_path: Path) -> None:
    code, _, err = said("clean", "--metadata-only", "--jobs", "1", str(tree), "-o", str(tmp_path / "out"))
    assert code == 0
    assert err.count("Not copied: 2 files beside the photos that tell about them (.json, .xmp).") == 1
    assert err.count("Passed over") == 1
    assert sorted(path.suffix for path in (tmp_path / "out").rglob("*") if path.is_file() and path.stem[0] != ".") == [
        ".jpg",
        ".jpg",
    ]

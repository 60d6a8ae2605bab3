"""A source names every photo, each in one shard, and knows when one has changed."""

from __future__ import annotations

import io
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import folder
from photoscan.batch import FileSource, Shard, lists
from photoscan.batch.source import JOB_VARIABLES, File
from photoscan.errors import NotReadableError, UsageError

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


def paths(where: object, **more: object) -> list[str]:
    return [item.path for item in FileSource(str(where), **more)]  # type: ignore[arg-type]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b/2.png", "b/1.jpg", "a.heic", "c/deep/x.bin", "c/notes.txt"):
        file = tmp_path / "tree" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(PNG if name.endswith("x.bin") else b"text")
    return tmp_path / "tree"


def test_a_folder_at_any_depth_by_name_or_by_looks(tree: Path) -> None:
    found = [os.path.relpath(path, tree) for path in paths(tree)]
    assert found == ["a.heic", "b/1.jpg", "b/2.png", "c/deep/x.bin"]


def test_a_pattern(tree: Path) -> None:
    found = [os.path.relpath(path, tree) for path in paths(f"{tree}/**/*.[jp][pn]g")]
    assert found == ["b/1.jpg", "b/2.png"]


def test_one_photo(tree: Path) -> None:
    assert paths(tree / "c/deep/x.bin") == [str(tree / "c/deep/x.bin")]


def test_nothing_there_is_an_error() -> None:
    with pytest.raises(NotReadableError, match="no such file"):
        FileSource("/no/such/folder")


def test_a_folder_that_cannot_be_read_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert str(tree / "b") in list(folder.photos_in(tree))


LISTS = {
    b"a.jpg\nb c.jpg\n": ["a.jpg", "b c.jpg"],
    b"a.jpg\r\nb.jpg": ["a.jpg", "b.jpg"],
    b"a\nb.jpg\0c.jpg\0": ["a\nb.jpg", "c.jpg"],
    b"\n\na.jpg\n\n": ["a.jpg"],
    b"": [],
    b"caf\xe9.jpg\n": ["caf\udce9.jpg"],
}


@pytest.mark.parametrize("text", sorted(LISTS))
def test_a_list_names_what_is_there_and_what_is_not(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(text)
    assert paths(file) == LISTS[text]


@given(
    names=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\n\r"), min_size=1), max_size=20),
    size=st.integers(1, 7),
)
def test_a_list_reads_the_same_in_pieces_of_any_size(names: list[str], size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    for end in (b"\n", b"\0"):
        text = b"".join(name.encode() + end for name in names)
        assert list(lists.entries(Slow(text))) == names


def test_a_hundred_thousand_paths_need_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("".join(f"folder/{n:06}.jpg\n" for n in range(100_000)))
    where = FileSource(str(file))
    tracemalloc.start()
    count = sum(1 for _ in where)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 2_000_000


@given(path=st.text(min_size=1), count=st.integers(1, 12))
def test_every_path_is_in_one_shard(path: str, count: int) -> None:
    path = path.encode("utf-8", "ignore").decode()
    assert sum(Shard(number, count).holds(path) for number in range(1, count + 1)) == 1


def test_shards_agree_wherever_the_folder_is_mounted(tree: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "mounted elsewhere"
    parts = [[os.path.relpath(p, tree) for p in paths(tree, shard=Shard(n, 2))] for n in (1, 2)]
    tree.rename(elsewhere)
    assert [[os.path.relpath(p, elsewhere) for p in paths(elsewhere, shard=Shard(n, 2))] for n in (1, 2)] == parts
    assert sorted(parts[0] + parts[1]) == ["a.heic", "b/1.jpg", "b/2.png", "c/deep/x.bin"]


@pytest.mark.parametrize("pattern", ["**/*", "b/*.*", "[bc]/**/*.[jpx]*"])
def test_shards_of_a_pattern_agree_wherever_its_folder_is_mounted(pattern: str, tmp_path: Path) -> None:
    found = []
    for name in ("mnt1", "somewhere/else"):
        folder = tmp_path / name
        for number in range(12):
            for part in "bc":
                file = folder / part / f"{number}.jpg"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()
        shards = [FileSource(str(folder / pattern), Shard(n, 2)) for n in (1, 2)]
        found.append([[os.path.relpath(file.path, folder) for file in shard] for shard in shards])
    assert found[0] == found[1]
    assert all(found[0])


@pytest.mark.parametrize("word", ["0/2", "3/2", "1", "1/", "a/b", "-1/2", "1/0", ""])
def test_a_wrong_shard_is_wrong_use(word: str) -> None:
    with pytest.raises(UsageError):
        Shard.parse(word)


@pytest.mark.parametrize("variable", JOB_VARIABLES)
@pytest.mark.parametrize(("index", "part"), [("0", Shard(1, 3)), ("2", Shard(3, 3))])
def test_a_scheduler_says_the_part_and_counts_from_0(
    variable: str, index: str, part: Shard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, index)
    assert Shard.parse("job/3") == part


@pytest.mark.parametrize("index", [None, "3", "-1", "", "two", "1/3", "\N{SUPERSCRIPT TWO}"])
def test_a_job_that_is_no_part_is_wrong_use(index: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in JOB_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    if index is not None:
        monkeypatch.setenv(JOB_VARIABLES[0], index)
    with pytest.raises(UsageError):
        Shard.parse("job/3")


def test_the_parts_of_a_scheduler_are_those_of_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for index in range(4):
        monkeypatch.setenv(JOB_VARIABLES[0], str(index))
        found.append(Shard.parse("job/4"))
    assert found == [Shard.parse(f"{number}/4") for number in (1, 2, 3, 4)]


def test_a_change_changes_the_stamp(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"one")
    before = File(str(file)).stamp()
    assert File(str(file)).stamp() == before
    file.write_bytes(b"two")
    assert File(str(file)).stamp() != before


@pytest.mark.parametrize("kind", ["folder", "pipe", "nothing", "nul"])
def test_what_is_no_plain_file_has_no_stamp_and_is_not_waited_for(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(NotReadableError):
        File("a\0b.jpg" if kind == "nul" else str(path)).stamp()


def test_a_pipe_named_like_a_photo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").symlink_to("nowhere")
    (tmp_path / "c.jpg").write_bytes(b"no photo")
    assert [Path(path).name for path in folder.photos_in(tmp_path)] == ["b.jpg", "c.jpg"]


def content(file: Path, data: bytes = PNG, **more: bool) -> str:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    return File(str(file), **more).content()


def test_the_same_photo_under_names_that_tell_nothing_is_the_same_work(tmp_path: Path) -> None:
    first = content(tmp_path / "a" / "IMG_1.png")
    assert content(tmp_path / "b" / "copy.png") == first
    assert content(tmp_path / "a" / "IMG_1.png", PNG + b"!") != first


def test_a_telling_name_is_part_of_the_work(tmp_path: Path) -> None:
    dated = content(tmp_path / "a" / "2024-05-01.png")
    assert dated != content(tmp_path / "a" / "IMG_1.png")
    assert dated == content(tmp_path / "b" / "2024-05-01.png")


def test_the_whole_path_counts_where_the_policy_names_photos(tmp_path: Path) -> None:
    assert content(tmp_path / "a" / "x.png", whole_path=True) != content(tmp_path / "b" / "x.png", whole_path=True)


def test_a_file_beside_a_photo_is_a_part_of_it(tmp_path: Path) -> None:
    def seen(beside: bool = True) -> list[tuple[str, str]]:
        return [(item.stamp(), item.key("")) for item in FileSource(str(tmp_path), beside=beside)]

    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(PNG)
    (first, second), alone = seen(), seen(beside=False)
    assert first[1] == second[1]
    (tmp_path / "a.png.json").write_bytes(b"{}")
    changed = seen()
    assert changed[0][0] != first[0]
    assert changed[0][1] != first[1]
    assert changed[1] == second
    (tmp_path / "a.png.json").write_bytes(b"[]")
    assert seen()[0][1] != changed[0][1]
    assert seen(beside=False) == alone
    (tmp_path / ".picasa.ini").write_bytes(b"[a.png]")
    (tmp_path / "a.png.json").unlink()
    assert len({content for _, content in seen()}) == 2, "it tells of each photo by its name"


def test_what_a_folder_holds_beside_photos_belongs_to_one_shard(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.pdf").write_bytes(b"%PDF")
    whole = FileSource(str(tmp_path))
    parts = [FileSource(str(tmp_path), Shard(number, 3)) for number in (1, 2, 3)]
    assert not [*whole, *(item for part in parts for item in part)]
    assert whole.passed.counts["pdf"] == 20
    assert sorted(file for part in parts for file in part.passed.files) == sorted(whole.passed.files)

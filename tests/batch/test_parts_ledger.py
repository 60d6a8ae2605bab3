"""Answers leave in parts, once each, wherever the plug is pulled; what goes on reads the indexes alone."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.batch import Batch, FileSource, Parts, PartsLedger, Shard, Summary, parts_ledger
from photoscan.batch.index import Index, id_of
from photoscan.errors import NotReadableError, UsageError
from tests.batch.model import ModelOutput, ModelSink, PulledError
from tests.batch.stub import CrashError, SerialExecutor, photos, told
from tests.properties import share

ROWS = 3


def ledger(output: ModelOutput, file: Path | None = None, sink: bool = True, made: str = "f", **more: Any) -> Any:
    sinks = {"model": ModelSink(output)} if sink else {}
    parts = Parts(output, more.pop("shard", Shard()), made, sinks, alone=file is not None)
    return PartsLedger(parts, more.pop("rows", ROWS), file)


def run(folder: Path, output: ModelOutput, file: Path | None = None, executor: Any = None, **more: Any) -> Any:
    """The executor, after a run whose crash, if any, is as that of the whole process."""
    executor = executor or SerialExecutor()
    own = None
    try:
        own = ledger(output, file, **more)
        for _ in Batch(FileSource(str(folder)), executor, own, told).run():
            pass
        own.flush()
    except (CrashError, PulledError):
        pass
    finally:
        if own is not None:
            own.close()
    return executor


def paths(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(row["photo"]["path"] for row in rows)


KILLS = st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.booleans()), max_size=5)
"""At which write; whether before or after it; whether a photo becomes another one meanwhile."""


@share(0.5)
@given(
    contents=st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"broken", b"e", b"f"]), min_size=1, max_size=14),
    kills=KILLS,
    local=st.booleans(),
)
def test_wherever_it_is_killed_each_photo_has_one_row(
    contents: list[bytes], kills: list[tuple[int, bool, bool]], local: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, output = Path(name) / "photos", ModelOutput()
        file = Path(name) / "pending" if local else None
        files = photos(folder, contents)
        looks: Counter[str] = Counter()
        changes = 0
        for number, (fuse, before, change) in enumerate(kills):
            output.fuse, output.before = fuse, before
            looks.update(run(folder, output, file).seen)
            if change:
                Path(files[number % len(files)]).write_bytes(b"changed %d" % number)
                changes += 1
        output.fuse = None
        looks.update(run(folder, output, file).seen)
        held = output.rows()
        assert paths(held) == files
        assert paths(ModelSink(output).rows()) == files
        assert {row["photo"]["path"]: row["photo"]["bytes"] for row in held} == {
            file: Path(file).stat().st_size for file in files
        }
        # With a file nothing that was answered is looked at again, but for what only a changed photo had the row of;
        # without one at most what was not yet written.
        spare = changes if local else ROWS * len(kills)
        assert looks.total() <= len(set(contents)) + changes + spare
        assert run(folder, output, file).seen == []
        assert output.rows() == held


def test_photos_that_are_the_same_are_looked_at_once_and_have_rows_of_their_own(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"same", b"1", b"2", b"3", b"4", b"same"])
    output = ModelOutput()
    assert len(run(tmp_path / "photos", output).seen) == 5
    assert paths(output.rows()) == files
    again = photos(tmp_path / "more", [b"same"])
    assert run(tmp_path / "more", output).seen == []
    assert paths(output.rows()) == sorted([*files, *again])


def test_a_part_is_named_by_shard_and_number_and_its_index_comes_last(tmp_path: Path) -> None:
    photos(tmp_path / "photos", [b"%d" % number for number in range(20)])
    output = ModelOutput()
    run(tmp_path / "photos", output, shard=Shard(2, 4))
    names = [name for name in output.held if name.startswith(("reports", "index", "sink"))]
    part = "part-2-of-4-{:06}"
    count = len(names) // 3
    assert names == [
        name
        for number in range(1, count + 1)
        for name in (
            f"reports/{part.format(number)}.jsonl",
            f"sink/{part.format(number)}",
            f"index/2-of-4/{part.format(number)}.json",
        )
    ]


def test_going_on_reads_indexes_and_no_reports(tmp_path: Path) -> None:
    photos(tmp_path / "photos", [b"%d" % number for number in range(9)])
    output = ModelOutput()
    run(tmp_path / "photos", output)
    read: list[str] = []
    held = output.get
    output.get = lambda names: held(read.extend(names := list(names)) or names)  # type: ignore[method-assign, assignment]
    assert run(tmp_path / "photos", output).seen == []
    assert read
    assert [name for name in read if not name.startswith("index/")] == []


def test_what_is_kept_of_a_photo_that_left_is_small(tmp_path: Path) -> None:
    photos(tmp_path / "photos", [b"%d" % number for number in range(200)])
    output = ModelOutput()
    run(tmp_path / "photos", output, tmp_path / "pending", rows=100)
    kept = sum(len(data) for name, data in output.held.items() if name.startswith("index/")) / 200
    assert kept < 120
    base = ledger(output, tmp_path / "pending")
    assert base._count("SELECT count(*) FROM answers") == base._count("SELECT count(*) FROM pending") == 0
    base.close()


def test_a_photo_that_changed_is_in_one_part_only(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"%d" % number for number in range(7)])
    output = ModelOutput()
    run(tmp_path / "photos", output)
    Path(files[0]).write_bytes(b"much longer")
    assert len(run(tmp_path / "photos", output).seen) == 1
    assert paths(output.rows()) == paths(ModelSink(output).rows()) == files
    index = Index.from_bytes(output.held["index/1-of-1/part-1-of-1-000001.json"])
    assert (index.summary["photos"], len(index.entries)) == (2, 2)


def test_what_is_answered_and_not_yet_full_outlives_a_kill_where_there_is_a_file(tmp_path: Path) -> None:
    photos(tmp_path / "photos", [b"%d" % number for number in range(5)])
    output = ModelOutput()
    assert len(run(tmp_path / "photos", output, tmp_path / "p", SerialExecutor(4), rows=100).seen) == 4
    assert output.rows() == []
    assert len(run(tmp_path / "photos", output, tmp_path / "p", rows=100).seen) == 1
    assert len(output.rows()) == 5


def test_answers_leave_after_a_while_even_if_they_fill_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos(tmp_path / "photos", [b"%d" % number for number in range(5)])
    monkeypatch.setattr(parts_ledger, "LATEST", -1.0)
    output = ModelOutput()
    run(tmp_path / "photos", output, None, SerialExecutor(4), rows=100)
    assert len(output.rows()) == 4


def test_what_was_not_wholly_inspected_is_tried_again_when_asked(tmp_path: Path) -> None:
    list_ = tmp_path / "list"
    (file,) = photos(tmp_path / "photos", [b"fine"])
    list_.write_text(f"{file}\n{tmp_path / 'gone.jpg'}\n")
    output = ModelOutput()
    run(list_, output)
    first = output.rows()
    assert [row["error"] and row["error"]["code"] for row in first] == [None, "not_readable"]
    # As long as it can't be read it has its row, and no part is written anew.
    run(list_, output)
    assert output.rows() == first
    (tmp_path / "gone.jpg").write_bytes(b"there")
    run(list_, output)
    assert [row["error"] for row in output.rows()] == [None, None]


def test_forgetting_keeps_rows_until_there_are_new_ones(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"a", b"b"])
    output = ModelOutput()
    own = ledger(output)
    for place, (path, state) in enumerate(zip(files, ("whole", "set_aside"), strict=True)):
        own.place(path, "stamp", f"key {path}", place)
        own.answer(f"key {path}", SerialExecutor.report(path), state)
    own.flush()
    assert own.forget_partial() == 1
    assert (own.known(files[0], "stamp") is None, own.known(files[1], "stamp")) == (False, None)
    assert len(output.rows()) == 2
    own.place(files[1], "stamp", f"key {files[1]}", 1)
    assert not own.answered(f"key {files[1]}")
    own.answer(f"key {files[1]}", SerialExecutor.report(files[1]))
    own.flush()
    assert paths(output.rows()) == files
    assert [state for _, _, state in own.reports()] == ["whole", "whole"]
    own.close()


def test_the_summary_adds_up_what_the_parts_count(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"broken", b"1", b"2", b"broken", b"3", b"4", b"5"])
    output = ModelOutput()
    run(tmp_path / "photos", output)
    own = ledger(output)
    counted = Summary()
    for path, report, state in own.reports():
        counted.add(path, report, state)
    assert own.summary().to_dict() == counted.to_dict()
    assert counted.photos == own.count() == len(files)
    assert counted.errors == {"corrupt": 2}
    own.close()


HOSTILE = ["new\nline.jpg", "caf\udce9.jpg", "tab\tand\rreturn.jpg", " \u2028.jpg", "\ud800.jpg", 'quote".jpg']


def test_hostile_paths_keep_their_rows(tmp_path: Path) -> None:
    output = ModelOutput()
    own = ledger(output, rows=2)
    for place, path in enumerate(HOSTILE):
        own.place(path, "stamp", f"key {path!r}", place)
        own.answer(f"key {path!r}", SerialExecutor.report(path))
    own.flush()
    own.close()
    own = ledger(output, rows=2)
    assert [path for path, _, _ in own.reports()] == HOSTILE
    assert all(own.known(path, "stamp") for path in HOSTILE)
    own.close()


def test_a_driver_stops_where_another_one_has_begun(tmp_path: Path) -> None:
    output = ModelOutput()
    old, new = ledger(output), ledger(output)
    for own in (new, old):
        own.place("a.jpg", "stamp", "key", 1)
        own.answer("key", SerialExecutor.report("a.jpg"))
    new.flush()
    with pytest.raises(UsageError, match="another batch has begun on shard 1-of-1"):
        old.flush()
    assert paths(output.rows()) == ["a.jpg"]
    old.close()
    new.close()


def test_what_was_made_otherwise_is_refused(tmp_path: Path) -> None:
    output = ModelOutput()
    photos(tmp_path / "photos", [b"a"])
    run(tmp_path / "photos", output)
    with pytest.raises(UsageError, match="made with other options"):
        ledger(output, made="another")
    with pytest.raises(UsageError, match="of another division than 4 shards"):
        ledger(output, shard=Shard(1, 4))


def test_what_waits_of_other_options_is_forgotten(tmp_path: Path) -> None:
    photos(tmp_path / "photos", [b"a", b"b"])
    run(tmp_path / "photos", ModelOutput(), tmp_path / "p", SerialExecutor(1), rows=100)
    assert len(run(tmp_path / "photos", ModelOutput(), tmp_path / "p", made="another", rows=100).seen) == 2


@pytest.mark.parametrize("damage", ["index", "part", "index in the middle", "first index"])
def test_what_is_damaged_is_looked_at_again(damage: str, tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"%d" % number for number in range(9)])
    output = ModelOutput()
    run(tmp_path / "photos", output)
    number = {"index in the middle": 2, "first index": 1}.get(damage, 3)
    name = f"reports/part-1-of-1-00000{number}.jsonl" if damage == "part" else ""
    name = name or f"index/1-of-1/part-1-of-1-00000{number}.json"
    output.held[name] = output.held[name][:100]
    assert len(run(tmp_path / "photos", output).seen) == 3
    assert paths(ModelSink(output).rows()) == files


COPIES = [
    ("index/1-of-1/part-1-of-1-000002.json", "index/1-of-1/part-1-of-1-000009.json"),
    ("index/1-of-1/part-1-of-1-000001.json", "index/1-of-1/part-1-of-1-000003 (copy).json"),
    ("index/1-of-1/part-1-of-1-000001.json", "index/1-of-1/zz.json"),
]


@pytest.mark.parametrize(("name", "copy"), COPIES)
def test_a_copy_of_an_index_counts_for_nothing_and_no_part_is_written_over(
    name: str, copy: str, tmp_path: Path
) -> None:
    contents = [b"%d" % number for number in range(9)]
    files = photos(tmp_path / "photos", contents)
    output = ModelOutput()
    run(tmp_path / "photos", output)
    held = output.rows()
    output.held[copy] = output.held[name]
    assert run(tmp_path / "photos", output).seen == []
    assert output.rows() == held
    # One more photo, in a part of its own.
    files = photos(tmp_path / "photos", [*contents, b"new"])
    assert len(run(tmp_path / "photos", output).seen) == 1
    assert paths(output.rows()) == files


@pytest.mark.parametrize("change", [{"rows": 2}, {"rows": 4}, {"version": 2}, {"index": "AAAA"}, {"bytes": "x"}])
def test_an_index_that_contradicts_itself_is_none(change: dict[str, Any], tmp_path: Path) -> None:
    photos(tmp_path / "photos", [b"a", b"b", b"c"])
    output = ModelOutput()
    run(tmp_path / "photos", output)
    data = output.held["index/1-of-1/part-1-of-1-000001.json"]
    assert len(Index.from_bytes(data).entries) == 3
    with pytest.raises(ValueError, match="no index"):
        Index.from_bytes(json.dumps(json.loads(data) | change).encode())


def test_names_that_differ_in_bytes_that_are_no_text_are_different_paths() -> None:
    names = [
        os.fsdecode(name) for name in (b"a\xe9.jpg", b"a\xe8.jpg", b"a?.jpg", "a\N{REPLACEMENT CHARACTER}.jpg".encode())
    ]
    assert len({id_of(name) for name in names}) == 4
    output = ModelOutput()
    own = ledger(output, rows=2)
    for place, path in enumerate(names):
        own.place(path, "stamp", f"key {place}", place)
        own.answer(f"key {place}", SerialExecutor.report(path))
    own.flush()
    own.close()
    assert Counter(paths(output.rows())) == Counter(names)


def test_rows_of_photos_that_went_while_nobody_had_noted_them_go(tmp_path: Path) -> None:
    photos(tmp_path / "photos", [b"a", b"b", b"c"])
    output = ModelOutput()
    output.fuse, output.before = 3, True  # reports and sink are written, the index is not
    run(tmp_path / "photos", output)
    assert len(output.rows()) == 3
    shutil.rmtree(tmp_path / "photos")
    photos(tmp_path / "photos", [])
    output.fuse = None
    run(tmp_path / "photos", output)
    assert output.rows() == ModelSink(output).rows() == []


def test_a_sink_that_comes_later_gets_what_it_lacks(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"%d" % number for number in range(7)])
    output = ModelOutput()
    run(tmp_path / "photos", output, sink=False)
    assert ModelSink(output).rows() == []
    run(tmp_path / "photos", output)
    assert paths(ModelSink(output).rows()) == files


def test_a_sink_that_fails_ends_the_batch_without_what_it_said(tmp_path: Path) -> None:
    photos(tmp_path / "photos", [b"a"])
    output = ModelOutput()

    class Failing(ModelSink):
        def write(self, part: Any, reports: Any) -> None:
            raise ConnectionError("postgres://user:hunter2@host")

    own = PartsLedger(Parts(output, Shard(), "f", {"mine": Failing(output)}), ROWS)
    with own:
        for _ in Batch(FileSource(str(tmp_path / "photos")), SerialExecutor(), own, told).run():
            pass
        with pytest.raises(NotReadableError, match=r"--sink mine: .*ConnectionError") as failed:
            own.flush()
    assert "hunter2" not in str(failed.value)
    assert failed.value.__cause__ is None
    run(tmp_path / "photos", output)
    assert len(output.rows()) == 1


def test_a_second_writer_in_a_folder_is_told_and_deaths_are_remembered(tmp_path: Path) -> None:
    output = ModelOutput()
    with ledger(output, tmp_path / "p") as own:
        assert [own.died("k"), own.died("k"), own.died("other")] == [1, 2, 1]
        with pytest.raises(UsageError, match="another batch is running here"):
            ledger(output, tmp_path / "p")
    with ledger(output, tmp_path / "p") as own:
        assert own.died("k") == 3


def test_set_aside_photos_are_named_only_so_far() -> None:
    report = json.loads(SerialExecutor.report("a.jpg")) | {"error": {"code": "timeout", "message": ""}}
    summary = Summary()
    for number in range(1500):
        summary.add(str(number), report, "set_aside")
    assert (len(summary.set_aside), summary.given_up) == (1000, 1500)
    summary.include(Summary.from_dict(json.loads(json.dumps(summary.to_dict()))))
    assert (len(summary.set_aside), summary.given_up, summary.photos) == (1000, 3000, 3000)


def test_a_photo_that_was_begun_and_went_gets_no_row_from_another_of_its_kind(tmp_path: Path) -> None:
    output = ModelOutput()
    with ledger(output, tmp_path / "p") as own:
        own.place("gone.jpg", "stamp", "key", 1)
    with ledger(output, tmp_path / "p") as own:
        own.place("there.jpg", "stamp", "key", 1)
        own.answer("key", SerialExecutor.report("there.jpg"))
        own.flush()
    assert paths(output.rows()) == ["there.jpg"]


def test_a_photo_that_was_only_touched_is_known_from_then_on(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"%d" % number for number in range(7)])
    output = ModelOutput()
    run(tmp_path / "photos", output)
    os.utime(files[2], ns=(1, 1))
    run(tmp_path / "photos", output)
    with ledger(output) as own:
        assert all(own.known(item.path, item.stamp()) for item in FileSource(str(tmp_path / "photos")))
    assert paths(output.rows()) == paths(ModelSink(output).rows()) == files


def test_the_summary_forgets_rows_that_were_replaced() -> None:
    with ledger(ModelOutput(), rows=1) as own:
        for key in ("first", "second"):
            own.place("a.jpg", key, key, 1)
            own.answer(key, SerialExecutor.report("a.jpg"))
        assert own.summary().photos == own.count() == 1


def test_rows_of_a_part_stand_in_the_order_of_the_source() -> None:
    output = ModelOutput()
    with ledger(output) as own:
        for place in (3, 1, 2):
            own.place(f"{place}.jpg", "stamp", f"{place}", place)
            own.answer(f"{place}", SerialExecutor.report(f"{place}.jpg"))
    assert [row["photo"]["path"] for row in output.rows()] == ["1.jpg", "2.jpg", "3.jpg"]

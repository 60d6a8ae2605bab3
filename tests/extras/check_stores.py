"""Photos in S3, as moto's server speaks it on this computer, by s3fs: run by `make test-extras` only."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import piexif
import pytest
from PIL import Image

from photoscan.batch import Shard, StoreSource, store
from photoscan.batch.executor import ChangedError
from photoscan.batch.store import Stored
from photoscan.errors import NotReadableError
from photoscan.options import Limits
from tests.conftest import Run

pytest.importorskip("s3fs")
pytest.importorskip("moto")

import fsspec
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import S3Backend, s3_backends
from moto.s3.responses import S3Response
from moto.server import ThreadedMotoServer

ROOT = Path(__file__).parents[2]
PHOTOS, OTHERS = 200, 99_800
SEED = 9


def listing_once(plain: Any) -> Any:
    """moto sorts all keys anew for each page: of a hundred thousand that takes seconds."""
    kept: dict[object, Any] = {}

    def call(self: Any, bucket: Any, prefix: Any, delimiter: Any, marker: Any, max_keys: Any) -> Any:
        wanted = bucket.name, len(bucket.keys), prefix, delimiter, marker, max_keys
        if wanted not in kept:
            kept[wanted] = plain(self, bucket, prefix, delimiter, marker, max_keys)
        return kept[wanted]

    return call


@pytest.fixture(scope="module")
def asked() -> Iterator[Counter[str]]:
    """How often the server was asked for what, since it was last cleared."""
    count: Counter[str] = Counter()
    plain = {name: getattr(S3Response, name) for name in ("get_object", "head_object", "list_objects_v2")}

    def counting(name: str) -> Any:
        def call(self: Any, *rest: Any, **how: Any) -> Any:
            count[name] += 1
            return plain[name](self, *rest, **how)

        return call

    patch = pytest.MonkeyPatch()
    for name in plain:
        patch.setattr(S3Response, name, counting(name))
    patch.setattr(S3Backend, "list_objects", listing_once(S3Backend.list_objects))
    yield count
    patch.undo()


@pytest.fixture(scope="module")
def server(asked: Counter[str]) -> Iterator[Any]:
    """The store behind the server; all of this process and of those that it starts go to it."""
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    patch.setenv("AWS_ACCESS_KEY_ID", "key")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "canary-secret")
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    yield s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    patch.undo()
    moto.stop()


@pytest.fixture
def bucket(server: Any, asked: Counter[str]) -> str:
    """A new bucket."""
    name = f"bucket-{random.Random().randrange(10**9)}"
    fsspec.filesystem("s3").mkdir(name)
    asked.clear()
    return name


def photo(number: int) -> bytes:
    """A small JPEG; every second one says where it was taken."""
    dice = random.Random(SEED + number)
    stream = BytesIO()
    picture = Image.new("RGB", (64, 48), (dice.randrange(256), dice.randrange(256), number % 256))
    place = {piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: ((3, 1), (8, 1), (number, 10))}
    place |= {piexif.GPSIFD.GPSLongitudeRef: b"E", piexif.GPSIFD.GPSLongitude: ((101, 1), (41, 1), (number, 10))}
    picture.save(stream, "JPEG", exif=piexif.dump({"GPS": place} if number % 2 else {}))
    return stream.getvalue()


def put(files: dict[str, bytes], bucket: str) -> None:
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    for name, data in files.items():
        backend.put_object(bucket, name, data)


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.extras.blind", "batch", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "reports.jsonl").read_text("utf-8").splitlines()]


def gist(row: dict[str, Any]) -> object:
    """What a report says of the photo itself."""
    outcomes = [(one["name"], one["status"], one["reason"]) for one in row["detectors"]]
    return row["photo"]["sha256"], row["findings"], outcomes, row["risk"], row["verdict"], row["error"]


def test_200_photos_among_100_000_objects_each_once_though_the_driver_is_killed_twice(
    bucket: str, asked: Counter[str], tmp_path: Path, process: Run
) -> None:
    photos = {f"a{number % 7}/{number:03}.jpg": photo(number) for number in range(PHOTOS)}
    put(photos, bucket)
    put({f"a{number % 7}/{number}.dat": b"" for number in range(OTHERS)}, bucket)
    for name, data in photos.items():
        (tmp_path / "local" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "local" / name).write_bytes(data)
    out = tmp_path / "out"
    options = (f"s3://{bucket}", "--out", out, "--only", "metadata", "--workers", "2", "--lang", "en")
    for reads in (50, 120):
        driver = start(*options)
        while asked["get_object"] < reads and driver.poll() is None:
            time.sleep(0.01)
        assert driver.poll() is None, driver.communicate()
        os.kill(driver.pid, signal.SIGKILL)
        driver.communicate()
    driver = start(*options)
    _, errors = driver.communicate(timeout=600)
    assert driver.returncode == 0, errors
    found = rows(out)
    assert [row["photo"]["path"] for row in found] == sorted(f"s3://{bucket}/{name}" for name in photos)
    done = process("batch", tmp_path / "local", "--out", tmp_path / "there", *options[3:])
    assert done.returncode == 0, done.stderr
    assert [gist(row) for row in found] == [gist(row) for row in rows(tmp_path / "there")]
    # One request a photo, and what was under way at each of two kills once more: two processes, two that wait.
    assert PHOTOS <= asked["get_object"] <= PHOTOS + 2 * 4
    # The driver asks three times what the address is; nobody asks for a photo's head.
    assert asked["head_object"] <= 3
    assert "canary" not in errors


def test_what_is_known_is_not_read_again_and_the_same_photo_is_answered_once(
    bucket: str, asked: Counter[str], tmp_path: Path, process: Run
) -> None:
    put({"a.jpg": photo(1), "b.jpg": photo(2), "copy.jpg": photo(1)}, bucket)
    options = ("batch", f"s3://{bucket}", "--out", tmp_path, "--only", "metadata", "--workers", "1")
    assert process(*options).returncode == 0
    assert asked["get_object"] == 3
    assert process(*options).returncode == 0
    assert asked["get_object"] == 3
    # The same bytes as another version, and other ones.
    put({"a.jpg": photo(3), "c.jpg": photo(2)}, bucket)
    assert process(*options).returncode == 0
    assert asked["get_object"] == 5
    assert [row["photo"]["path"].rpartition("/")[2] for row in rows(tmp_path)] == [
        "a.jpg",
        "b.jpg",
        "c.jpg",
        "copy.jpg",
    ]
    base = sqlite3.connect(tmp_path / "ledger.sqlite")
    assert base.execute("SELECT count(*) FROM answers").fetchone() == (3,)
    base.close()


def test_only_the_version_that_was_listed_is_read(bucket: str, asked: Counter[str]) -> None:
    put({"a.jpg": photo(1)}, bucket)
    (item,) = StoreSource(f"s3://{bucket}")
    assert item.renewed() == item
    asked.clear()
    assert store.read(item.path, item.version, Limits()) == photo(1)
    assert asked == {"get_object": 1}
    put({"a.jpg": photo(2)}, bucket)
    with pytest.raises(ChangedError):
        store.read(item.path, item.version, Limits())
    assert store.read(item.path, item.renewed().version, Limits()) == photo(2)
    with pytest.raises(NotReadableError, match="no such file"):
        store.read(f"s3://{bucket}/none.jpg", item.version, Limits())


def test_objects_are_listed_by_pages_in_their_order(bucket: str, asked: Counter[str]) -> None:
    names = [f"{number % 3}/{number:05}.jpg" for number in range(2500)]
    put(dict.fromkeys([*names, "0.jpg", "0/é x.png", "0/", "z/notes.txt"], b""), bucket)
    expected = sorted([*names, "0.jpg", "0/é x.png"], key=str.encode)

    def listed(where: str, **how: Any) -> list[str]:
        return [item.path.removeprefix(f"s3://{bucket}/") for item in StoreSource(f"s3://{bucket}{where}", **how)]

    assert listed("") == expected
    assert asked["list_objects_v2"] == 3
    assert listed("/0") == listed("/0/") == [name for name in expected if name.startswith("0/")]
    assert listed("/*.jpg") == ["0.jpg"]
    assert listed("/0/0000*.jpg") == ["0/00000.jpg", "0/00003.jpg", "0/00006.jpg", "0/00009.jpg"]
    assert listed("/**/*.png") == ["0/é x.png"]
    assert listed("/0.jpg") == ["0.jpg"]
    assert sorted(name for number in (1, 2) for name in listed("", shard=Shard(number, 2))) == sorted(expected)
    for gone in (f"s3://{bucket}/none", "s3://no-such-bucket"):
        with pytest.raises(NotReadableError, match="no such file"):
            list(StoreSource(gone))


def test_a_list_may_name_objects_beside_files(bucket: str, tmp_path: Path, process: Run) -> None:
    put({f"{number}.jpg": photo(number) for number in range(3)}, bucket)
    (tmp_path / "here.jpg").write_bytes(photo(4))
    names = [f"s3://{bucket}/2.jpg", str(tmp_path / "here.jpg"), f"s3://{bucket}/gone.jpg", f"s3://{bucket}/0.jpg"]
    (tmp_path / "list.txt").write_text("\n".join(names))
    done = process("batch", tmp_path / "list.txt", "--out", tmp_path / "out", "--only", "metadata", "--workers", "1")
    assert done.returncode == 2
    found = rows(tmp_path / "out")
    assert [row["photo"]["path"] for row in found] == names
    assert [row["error"] and row["error"]["code"] for row in found] == [None, None, "not_readable", None]


def test_a_full_look_says_the_same_as_of_a_file(bucket: str, demo: Path, tmp_path: Path, process: Run) -> None:
    (tmp_path / "local").mkdir()
    for name in ("holiday.jpg", "landscape.jpg"):
        (tmp_path / "local" / name).write_bytes((demo / name).read_bytes())
        put({name: (demo / name).read_bytes()}, bucket)
    for source, out in ((f"s3://{bucket}", "there"), (tmp_path / "local", "here")):
        done = process("batch", source, "--out", tmp_path / out, "--workers", "1", "--profile", "fast")
        assert done.returncode == 0, done.stderr
    assert [gist(row) for row in rows(tmp_path / "there")] == [gist(row) for row in rows(tmp_path / "here")]


def test_an_item_of_a_list_is_asked_for_as_it_is_reached(bucket: str, asked: Counter[str]) -> None:
    put({"a.jpg": b"one"}, bucket)
    found = Stored(f"s3://{bucket}/a.jpg", "").renewed()
    (listed,) = StoreSource(f"s3://{bucket}")
    assert found == listed

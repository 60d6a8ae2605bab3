"""A batch from and to S3 (moto's, on loopback), killed twice, makes the rows of a folder: `make test-extras` only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from photoscan.batch.output import StoreOutput
from photoscan.errors import NotReadableError
from tests.cleaning.samples import coded, exif, small

moto_server = pytest.importorskip("moto.server", reason="pip install 'moto[server]' s3fs")
pytest.importorskip("s3fs", reason="pip install s3fs")

COUNT, ROWS = 200, 10
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "hunter2-is-secret", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def store() -> Iterator[Any]:
    """A file system of s3fs on a server of its own, with photos in it."""
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    patch = pytest.MonkeyPatch()
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
        patch.setenv(name, value)
    import s3fs

    files = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    files.mkdir("photos")
    files.mkdir("out")
    photo = coded("JPEG", small(), exif=exif())
    for number in range(COUNT):
        files.pipe_file(f"photos/{number % 4}/{number:04}.jpg", photo + number.to_bytes(2))
    yield files
    patch.undo()
    server.stop()


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "photoscan", "batch", *map(str, arguments)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ))


def inspect(*arguments: object, exit_code: int = 0) -> str:
    batch = start("s3://photos", *arguments, "--only", "metadata", "--workers", 2)
    _, said = batch.communicate(timeout=300)
    assert batch.returncode == exit_code, said
    return said


def rows(data: bytes) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in data.split(b"\n") if line]
    for row in found:
        row["detectors"] = [one | {"seconds": 0} for one in row["detectors"]]
    return sorted(found, key=lambda row: str(row["photo"]["path"]))


def parts(store: Any, where: str) -> dict[str, bytes]:
    store.invalidate_cache()
    names = [name for name in store.find(where) if "/reports/" in name]
    found = store.cat(names) if names else {}
    return dict(found)


def test_rows_survive_two_kills_and_equal_those_of_a_folder(store: Any, tmp_path: Path) -> None:
    inspect("--out", tmp_path / "local")
    local = rows((tmp_path / "local" / "reports.jsonl").read_bytes())
    assert len(local) == COUNT
    killed = 0
    for wanted in (2, 8):
        batch = start("s3://photos", "--out", "s3://out/a", "--parts", ROWS, "--only", "metadata", "--workers", 2)
        end = time.monotonic() + 120
        while len(store.find("out/a/index") if store.exists("out/a/index") else []) < wanted and batch.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.01)
        killed += batch.poll() is None
        batch.send_signal(signal.SIGKILL)
        batch.communicate()
    assert killed == 2
    said = inspect("--out", "s3://out/a", "--parts", ROWS)
    assert f"{COUNT} photos" in said
    assert "hunter2" not in said
    written = parts(store, "out/a")
    assert rows(b"".join(written.values())) == local
    assert len(written) == COUNT // ROWS
    assert ", 0 inspected" in inspect("--out", "s3://out/a", "--parts", ROWS)
    assert parts(store, "out/a") == written


def test_shards_in_a_store_are_merged_into_an_object(store: Any, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        inspect("--out", "s3://out/b", "--shard", f"{number}/3")
    merged = start("merge", "s3://out/b")
    _, said = merged.communicate(timeout=120)
    assert merged.returncode == 0, said
    inspect("--out", tmp_path / "local")
    local = (tmp_path / "local" / "reports.jsonl").read_bytes()
    assert rows(store.cat("out/b/reports.jsonl")) == rows(local)
    assert json.loads(store.cat("out/b/summary.json"))["photos"] == COUNT


def test_tables_lie_beside_the_parts(store: Any) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    inspect("--out", "s3://out/c", "--parts", 50, "--parquet")
    tables = [parquet.read_table(store.open(name)) for name in store.find("out/c/parquet")]
    assert sum(table.num_rows for table in tables) == COUNT
    (name,) = [name for name in store.find("out/c/parquet") if "000001" in name]
    assert name == "out/c/parquet/part-1-of-1-000001.parquet"


@pytest.mark.parametrize("where", ["s3://no-such-bucket/x", "s3://out/d"])
def test_a_store_that_refuses_is_told_without_its_keys(where: str, store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if where.endswith("/d"):
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        type(store).clear_instance_cache()
    with pytest.raises(NotReadableError, match="run the same command again") as failed:
        StoreOutput(where).put("a", b"x")
    assert "hunter2" not in str(failed.value)

"""Each photo has one row in a real PostgreSQL, whatever is written twice."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("pg8000", reason="pip install pg8000")

import pg8000.dbapi
from photoscan_postgres import PostgresSink, connection

from photoscan import Scanner, ScanOptions
from photoscan.batch import Part, Shard

PORT = 54329
REPORT = Scanner(ScanOptions(only=("metadata",))).scan(b"no photo").to_dict()


def program(name: str) -> str | None:
    """Where a program of PostgreSQL is; Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A database of its own, reached by a socket in a temporary folder alone."""
    initdb, control = program("initdb"), program("pg_ctl")
    if initdb is None or control is None:
        pytest.skip("PostgreSQL is not installed: nothing of the sink was tried")
    # Not below pytest's own folder, which nobody else may enter: PostgreSQL refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="photoscan-"))
    user = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, **user)
    data, quiet = folder / "data", {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/", "timeout": 120} | user
    subprocess.run([initdb, "-D", data, "-U", "scanner", "-A", "trust", "-E", "UTF8", "--no-sync"], **quiet)
    options = f"-F -p {PORT} -k {folder} -c listen_addresses=''"
    subprocess.run([control, "-D", data, "-o", options, "-l", folder / "log", "-w", "start"], **quiet)
    try:
        yield f"//scanner@:{PORT}/postgres?socket={folder}"
    finally:
        subprocess.run([control, "-D", data, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder)


@pytest.fixture
def sink(address: str) -> Iterator[PostgresSink]:
    """Of an empty table."""
    made = PostgresSink(address)
    asked(address, "DELETE FROM photoscan_reports")
    yield made
    made.close()


def part(number: int) -> Part:
    """A part of the only shard."""
    return Part(Shard(), number)


def report(path: str, verdict: str = "allow") -> dict:
    """A photo's report."""
    found = json.loads(json.dumps(REPORT))
    return found | {"photo": found["photo"] | {"path": path}, "verdict": verdict}


def asked(address: str, question: str) -> list[tuple]:
    """What another connection is told."""
    with closing(pg8000.dbapi.connect(**connection(address))) as other:
        cursor = other.cursor()
        cursor.execute(question)
        found = [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        other.commit()
        return found


def rows(address: str) -> list[tuple]:
    """Path and verdict of each row, as another connection sees them."""
    return asked(address, "SELECT path, verdict FROM photoscan_reports ORDER BY path")


def test_a_part_that_comes_again_takes_its_own_place(sink: PostgresSink, address: str) -> None:
    """With other rows, fewer or none."""
    sink.write(part(1), [report("a"), report("b")])
    sink.write(part(2), [report("c")])
    sink.write(part(1), [report("a", "block"), report("d")])
    assert rows(address) == [("a", "block"), ("c", "allow"), ("d", "allow")]
    sink.write(part(1), [])
    assert rows(address) == [("c", "allow")]


def test_a_photo_that_moves_to_a_later_part_has_one_row(sink: PostgresSink, address: str) -> None:
    """The later part is written first, then the earlier one without it."""
    sink.write(part(1), [report("a"), report("b")])
    sink.write(part(2), [report("a", "review")])
    assert rows(address) == [("a", "review"), ("b", "allow")]
    sink.write(part(1), [report("b")])
    assert rows(address) == [("a", "review"), ("b", "allow")]


def test_a_part_is_written_whole_or_not_at_all(sink: PostgresSink, address: str) -> None:
    """What fails in the middle leaves what was there."""
    sink.write(part(1), [report("a")])
    broken = report("c")
    broken["risk"] = broken["risk"] | {"score": "no number"}
    with pytest.raises(Exception, match="no number"):
        sink.write(part(1), [report("b"), broken])
    assert rows(address) == [("a", "allow")]
    sink.write(part(1), [report("b")])
    assert rows(address) == [("b", "allow")]


HOSTILE = [
    "new\nline.jpg",
    "caf\udce9.jpg",
    "quote'\".jpg",
    "nul\0.jpg",
    "back\\slash.jpg",
    "été 写真.jpg",
    "{a,b}.jpg",
]


def test_hostile_paths_have_their_rows(sink: PostgresSink, address: str) -> None:
    """And come back as they may be shown."""
    sink.write(part(1), [report(path) for path in HOSTILE])
    sink.write(part(1), [report(path) for path in HOSTILE])
    assert len(rows(address)) == len(HOSTILE)
    assert ("caf\\udce9.jpg", "allow") in rows(address)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("//u@h:1/d", {"user": "u", "host": "h", "port": 1, "database": "d"}),
        ("u%40x@h/d", {"user": "u@x", "host": "h", "port": 5432}),
        ("//u@/d?socket=/run/p", {"unix_sock": "/run/p/.s.PGSQL.5432", "database": "d"}),
    ],
)
def test_an_address(address: str, told: dict) -> None:
    """Its parts as the driver takes them."""
    assert told.items() <= connection(address).items()


def test_tls_where_it_is_asked_for() -> None:
    """Checked against the system's authorities."""
    assert connection("//u@h/d?sslmode=require")["ssl_context"].check_hostname
    assert connection("//u@h/d")["ssl_context"] is None

"""The extra `ray`: run by `make test-extras` only, which installs Ray (large), which is told of four processors."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import piexif
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
COUNT = 200
POISON, HANGING = 17, 91
PATIENCE = 180.0


def drawn(folder: Path, count: int) -> list[str]:
    """Photos of no two contents; every third tells its camera's serial number."""
    folder.mkdir()
    for number in range(count):
        exif = {piexif.ExifIFD.BodySerialNumber: b"%08d" % number} if number % 3 == 0 else {}
        told = piexif.dump({"0th": {piexif.ImageIFD.Model: b"M%d" % number}, "Exif": exif})
        Image.new("RGB", (64 + number, 48), (number % 255, 90, 120)).save(folder / f"p{number:04}.jpg", exif=told)
    return sorted(str(file) for file in folder.iterdir())


def environment(**more: str) -> dict[str, str]:
    """Workers find the tests as the driver does."""
    return os.environ | {"PYTHONPATH": str(ROOT)} | more


def start(folder: Path, out: str, address: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.extras.ray_program"]
    command += [*(str(folder / name) for name in ("photos", out, f"{out}.log")), address]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def rows(folder: Path) -> list[dict[str, Any]]:
    """The reports, without how long it took."""
    found = [json.loads(line) for line in (folder / "reports.jsonl").read_text("utf-8").splitlines()]
    for report in found:
        for detector in report["detectors"]:
            detector.pop("seconds", None)
    return found


def looks(folder: Path, out: str) -> list[str]:
    log = folder / f"{out}.log"
    return log.read_text().splitlines() if log.exists() else []


def below(pid: int) -> Iterator[int]:
    """The processes that a process has started, at any depth."""
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in file.read_text().split()]
        except OSError:
            continue
        for child in children:
            yield child
            yield from below(child)


def named(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def is_ours(pid: int) -> bool:
    """An actor, or its process that looks at photos. Helpers of Ray's own may take a minute to notice."""
    return named(pid).startswith(b"ray::Actor") or b"spawn_main" in named(pid)


def actors(driver: int) -> list[int]:
    return [pid for pid in below(driver) if named(pid).startswith(b"ray::Actor")]


def until(what: Any, driver: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert driver.poll() is None, driver.communicate()
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def kill_one(driver: subprocess.Popen[str]) -> None:
    until(lambda: actors(driver.pid), driver)
    os.kill(actors(driver.pid)[0], signal.SIGKILL)


def finished(driver: subprocess.Popen[str]) -> str:
    output, errors = driver.communicate(timeout=PATIENCE)
    assert driver.returncode == 0, errors
    return output


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 photos, one of which kills its process and one hangs it, and what this computer says of them."""
    folder = tmp_path_factory.mktemp("ray")
    files = drawn(folder / "photos", COUNT)
    for number, how in ((POISON, b"die"), (HANGING, b"hang")):
        with Path(files[number]).open("ab") as stream:
            stream.write(how)
    finished(start(folder, "here", "local"))
    return folder


def test_two_workers_and_the_driver_are_killed_and_every_photo_has_one_row(photos: Path) -> None:
    driver = start(photos, "there")
    for seen in (30, 60):
        until(partial(lambda seen: len(looks(photos, "there")) >= seen, seen), driver)
        kill_one(driver)
    until(lambda: len(looks(photos, "there")) >= 110, driver)
    left = [pid for pid in below(driver.pid) if is_ours(pid)]
    driver.kill()
    driver.communicate()
    end = time.monotonic() + 60
    while any(map(is_ours, left)):
        assert time.monotonic() < end, "workers outlive their driver"
        time.sleep(0.1)
    begun = len(looks(photos, "there"))
    assert begun < COUNT

    finished(start(photos, "there"))
    expected, got = rows(photos / "here"), rows(photos / "there")
    assert len(got) == COUNT
    assert [row["photo"]["path"] for row in got] == [row["photo"]["path"] for row in expected]
    codes = {number: row["error"]["code"] for number, row in enumerate(got) if row["error"]}
    assert codes == {POISON: "worker_lost", HANGING: "timeout"}
    assert got == expected
    # Again was looked at only what was lost: four with the driver, one with each worker; the poison has two chances.
    again = Counter(looks(photos, "there"))
    assert sum(again.values()) <= COUNT + 4 + 2 + 2 + 2


def test_a_worker_that_goes_is_counted_and_costs_no_photo_its_chance(photos: Path) -> None:
    driver = start(photos, "counted")
    until(lambda: len(looks(photos, "counted")) >= 20, driver)
    kill_one(driver)
    # Ray tells of it in many lines, which help nobody.
    assert finished(driver) == "lost 1"
    assert rows(photos / "counted") == rows(photos / "here")


# The command


def batch(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "photoscan", "batch", *arguments],
        cwd=ROOT, text=True, env=environment(RAY_ADDRESS=""), stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    )  # fmt: skip


def test_full_looks_say_the_same_as_on_this_computer(tmp_path: Path) -> None:
    drawn(tmp_path / "photos", 4)
    for executor in ("local", "ray"):
        more = ["--workers", "2", "--profile", "fast", "--executor", executor]
        ran = batch(str(tmp_path / "photos"), "--out", str(tmp_path / executor), *more)
        _, errors = ran.communicate(timeout=PATIENCE)
        assert ran.returncode == 0, errors
    assert rows(tmp_path / "ray") == rows(tmp_path / "local")


def test_a_signal_to_all_of_its_group_stops_it_and_the_same_command_goes_on(tmp_path: Path) -> None:
    drawn(tmp_path / "photos", 600)
    command = [str(tmp_path / "photos"), "--out", str(tmp_path / "out"), "--only", "metadata", "--workers", "2"]
    command += ["--executor", "ray"]
    ran = batch(*command, start_new_session=True)
    until(lambda: actors(ran.pid), ran)
    time.sleep(3)
    left = set(below(ran.pid))
    os.killpg(ran.pid, signal.SIGINT)
    _, errors = ran.communicate(timeout=PATIENCE)
    assert ran.returncode == 2, errors
    assert not [pid for pid in left if is_ours(pid)]
    assert "Traceback" not in errors
    again = batch(*command)
    again.communicate(timeout=PATIENCE)
    assert again.returncode == 0
    assert len(rows(tmp_path / "out")) == 600


def test_an_address_where_no_ray_is_ends_in_one_line(tmp_path: Path) -> None:
    drawn(tmp_path / "photos", 1)
    ran = batch(
        str(tmp_path / "photos"), "--out", str(tmp_path / "out"), "--executor", "ray", "--address", "127.0.0.1:9"
    )
    _, errors = ran.communicate(timeout=PATIENCE)
    assert ran.returncode == 2
    assert "Ray can't be reached" in errors
    assert "Traceback" not in errors


def test_our_ray_speaks_to_this_computer_alone_and_leaves_nothing(tmp_path: Path) -> None:
    """Every address that any of its processes is bound or connected to."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    drawn(tmp_path / "photos", 8)
    log, folder = tmp_path / "calls", Path("/tmp") / f"t{os.getpid()}"
    folder.mkdir()
    command = [
        strace,
        "-f",
        "-qq",
        "-e",
        "trace=connect,bind,sendto",
        "-o",
        str(log),
        sys.executable,
        "-m",
        "photoscan",
    ]
    command += ["batch", str(tmp_path / "photos"), "--out", str(tmp_path / "out"), "--only", "metadata"]
    command += ["--executor", "ray", "--workers", "1"]
    try:
        env = environment(TMPDIR=str(folder), RAY_ADDRESS="")
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=400, check=False)
        assert done.returncode == 0, done.stderr
        assert list(folder.iterdir()) == []
    finally:
        shutil.rmtree(folder)
    calls = log.read_text("utf-8", "replace")
    addresses = Counter(re.findall(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', calls))
    said = {new or old for old, new in addresses}
    assert said <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}, said
    assert "127.0.0.1" in said


# Ray Data


def python(code: str, *words: str) -> None:
    """In a process of its own: Ray keeps much for the life of one."""
    head = "import json, sys\nfrom functools import partial\nfrom photoscan import Policy, ScanOptions\n"
    head += "from photoscan.batch import Setup\nfrom photoscan.batch.executor import Job\n"
    head += (
        "from photoscan.batch.ray import Inspector, RayExecutor, connected\nfrom photoscan.batch.task import set_up\n"
    )
    head += "text = Setup.of(ScanOptions(only=('metadata',)), Policy.load('default')).text\n"
    command = [sys.executable, "-c", head + code, *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr


DATASET = """
import ray
ray.init(num_cpus=4, include_dashboard=False, object_store_memory=100 * 2**20, log_to_driver=False)
ray.data.DataContext.get_current().enable_progress_bars = False
paths = ray.data.from_items([{"path": path} for path in sys.argv[2:]], override_num_blocks=4)
reports = paths.map_batches(
    Inspector, fn_constructor_args=(text,), batch_size=4, num_cpus=1, compute=ray.data.ActorPoolStrategy(size=2)
)
reports.write_parquet(sys.argv[1])
"""


def test_a_dataset_becomes_a_table_of_reports(tmp_path: Path) -> None:
    from pyarrow import parquet

    files = drawn(tmp_path / "photos", 12)
    files.append(str(tmp_path / "missing.jpg"))
    python(DATASET, str(tmp_path / "table"), *files)
    table = sorted(parquet.read_table(tmp_path / "table").to_pylist(), key=lambda row: str(row["path"]))
    assert sorted(row["path"] for row in table) == sorted(files)
    assert [row["error"] for row in table] == ["not_readable", *[None] * 12]
    assert len({row["key"] for row in table}) == 13
    assert json.loads(table[1]["report"])["photo"]["path"] == files[0]


# Clusters that are there


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two machines with two processors each, as far as Ray can tell."""
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    made.other = made.add_node(num_cpus=2)
    yield made
    made.shutdown()


def test_a_machine_that_goes_takes_nothing_along(photos: Path, cluster: Any) -> None:
    driver = start(photos, "nodes", cluster.address)
    until(lambda: len(looks(photos, "nodes")) >= 40, driver)
    cluster.remove_node(cluster.other, allow_graceful=False)
    cluster.add_node(num_cpus=2)
    assert int(finished(driver).removeprefix("lost ")) >= 1
    assert rows(photos / "nodes") == rows(photos / "here")


STRANGER = """
text = json.dumps(json.loads(text) | {"version": "0.0.1"})
try:
    list(RayExecutor(partial(set_up, text), partial(connected, None, 1), 1).run([Job("k", "x.jpg")], None))
except Exception as error:
    assert type(error).__name__ == "UsageError" and "0.0.1" in str(error), error
else:
    raise AssertionError
"""


def test_a_worker_that_would_answer_otherwise_is_refused() -> None:
    python(STRANGER)


TWICE = """
executor = RayExecutor(partial(set_up, text), partial(connected, None, 1), 1)
for _ in range(2):
    (outcome,) = executor.run([Job("unread k", "/no/such.jpg")], None)
    assert outcome.error.code == "not_readable", outcome
"""


def test_ray_is_started_again_for_what_changed_meanwhile() -> None:
    python(TWICE)

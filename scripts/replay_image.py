"""Build the image without Docker, and run it as a cluster would: `python scripts/replay_image.py FOLDER [--base TAR]`.

Needs root, and of Debian mmdebstrap, buildah and iproute2. buildah takes the Dockerfile as it is; the base
`python:...-slim` is stood in for by a minimal Debian with its own Python, since no registry of images is asked. The
base is made, and the image built, with a network. The image then runs in namespaces of its own: no network but its
loopback, a read-only root, the image's user, no rights, /tmp in memory. In there the models are verified, a drawn photo
is scanned, and `serve` runs as the first process until the image's health check and a check by key were answered.
Prints one line for each step, and ends with 1 where one fails. FOLDER is kept, so that a second run begins with what it
holds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from fixtures.scenes import outdoors  # noqa: E402

SUITE = "trixie"
NAME = "localhost/photoscan"
PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
BASE = f"FROM scratch\nADD base.tar /\nRUN python3 -m venv /usr/local\nENV PATH={PATH}\n"
"""Debian's Python stands where the official image has its own: `python` and `pip` in /usr/local/bin."""
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
INSIDE = """
set -eu
root=$1 photos=$2 keys=$3 user=$4; shift 4
mkdir -p "$root/photos" "$root/keys"
mount --bind "$root" "$root"
mount --bind "$photos" "$root/photos"
mount --bind "$keys" "$root/keys"
mount -t proc proc "$root/proc"
mount -t tmpfs -o size=512m,mode=1777,noexec,nosuid,nodev tmp "$root/tmp"
mount -t tmpfs -o mode=755 dev "$root/dev"
mkdir -m 1777 "$root/dev/shm"
for name in null zero random urandom; do : > "$root/dev/$name"; mount --bind "/dev/$name" "$root/dev/$name"; done
mount -o remount,bind,ro "$root/photos"
mount -o remount,bind,ro "$root/keys"
mount -o remount,bind,ro "$root"
ip link set lo up
exec chroot "$root" setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs --bounding-set=-all \\
    --inh-caps=-all env --ignore-environment --chdir=/photos "$@"
"""
"""What a container engine does before it starts a program; arguments: root, folders of photos and keys, user, words."""
NOTHING_ELSE = """
import os, socket, sys
for path in ("/x", "/opt/photoscan/x", "/photos/x", "/keys/x"):
    try: open(path, "w"); sys.exit(path + " can be written to")
    except OSError: pass
try: socket.create_connection(("192.0.2.1", 9), 2); sys.exit("there is a network")
except OSError: pass
assert os.getuid() == 10001 and not os.getgroups(), os.getgroups()
told = dict(line.split(":", 1) for line in open("/proc/self/status"))
assert told["NoNewPrivs"].strip() == "1" and not int(told["CapEff"], 16) and not int(told["CapBnd"], 16)
"""
CHECK = """
import sys
from photoscan.client import Client
answer = Client("http://127.0.0.1:8000", key=sys.argv[1]).check("/photos/street.jpg")
print(answer.decision)
"""


def main() -> None:
    """Make the base, build, run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--base", type=Path, help="the base's root folder as a tar, in place of Debian's")
    arguments = parser.parse_args()
    missing = [name for name in ("mmdebstrap", "buildah", "unshare", "ip") if shutil.which(name) is None]
    if missing or os.getuid():
        sys.exit(f"needs root, and these programs: {', '.join(missing) or '-'}")
    folder: Path = arguments.folder.resolve()
    (folder / "context").mkdir(parents=True, exist_ok=True)
    base(folder, arguments.base)
    build(folder)
    with mounted(folder) as root:
        run(folder, root, config(folder))


def base(folder: Path, given: Path | None) -> None:
    """The image that the Dockerfile's stages begin with."""
    tar = folder / "context" / "base.tar"
    if given:
        shutil.copyfile(given, tar)
    elif not tar.exists():
        packages = "--include=python3,python3-venv,ca-certificates"
        part = tar.with_suffix(".part.tar")
        call(["mmdebstrap", "--variant=minbase", packages, SUITE, str(part)])
        part.replace(tar)
    (folder / "context" / "Containerfile").write_text(BASE, "utf-8")
    for name in stages((ROOT / "Dockerfile").read_text("utf-8")):
        tag = f"docker.io/library/{name}"
        buildah(folder, "build", "--layers", "--isolation", "chroot", "--tag", tag, str(folder / "context"))
    say("base", tar)


def stages(dockerfile: str) -> list[str]:
    """The images that stages begin with, each once."""
    return list(dict.fromkeys(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)))


def build(folder: Path) -> None:
    """Every step of the Dockerfile, in the order and with the files that Docker would take."""
    # Where a proxy speaks for the package index, pip has to trust it; these files are there for the build alone.
    (folder / "pip.conf").write_text(f"[global]\ncert = {CERTIFICATES}\n", "utf-8")
    volumes = (
        f"--volume={CERTIFICATES.parent}:{CERTIFICATES.parent}:ro",
        f"--volume={folder}/pip.conf:/etc/pip.conf:ro",
    )
    how = ("--pull-never", "--isolation", "chroot", "--network", "host", "--format", "docker", "--layers")
    buildah(folder, "build", *how, *volumes, "--tag", NAME, "--file", str(ROOT / "Dockerfile"), str(ROOT))
    say("build", NAME)


def config(folder: Path) -> dict[str, Any]:
    """What the image says of itself: User, Env, Entrypoint, Cmd, WorkingDir, Healthcheck."""
    told = json.loads(buildah(folder, "inspect", "--type", "image", NAME))
    found: dict[str, Any] = told["Docker"]["config"]
    return found


@contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    """The image's root folder, in a container that is thrown away."""
    container = buildah(folder, "from", "--pull-never", NAME).strip()
    try:
        yield Path(buildah(folder, "mount", container).strip())
    finally:
        buildah(folder, "rm", container)


def run(folder: Path, root: Path, image: Mapping[str, Any]) -> None:
    """Everything that is tried in the image."""
    photos, keys = folder / "photos", folder / "keys"
    for path in (photos, keys):
        path.mkdir(exist_ok=True)
    data = next(data for data, sample in outdoors.draw() if sample.file == "street.jpg")
    (photos / "street.jpg").write_bytes(data)

    def inside(*words: str) -> list[str]:
        start = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", INSIDE, "sh"]
        return [*start, str(root), str(photos), str(keys), image["User"].partition(":")[0], *image["Env"], *words]

    call(inside("python", "-c", NOTHING_ELSE))
    say("rights", "no network, nothing to write to but /tmp, no capabilities")
    call(inside(*image["Entrypoint"], "models", "verify"))
    say("models", "verified")
    shown = call(inside(*image["Entrypoint"], "scan", "street.jpg", "--format", "json"))
    report = json.loads(shown)
    failed = [row["name"] for row in report["detectors"] if row["status"] == "failed"]
    if failed or not report["findings"]:
        sys.exit(f"scan: failed {failed}, findings {len(report['findings'])}")
    here = call([sys.executable, "-m", "photoscan", "scan", str(photos / "street.jpg"), "--format", "json"], cwd=ROOT)
    kinds, wanted = ([row["kind"] for row in rows["findings"]] for rows in (report, json.loads(here)))
    if kinds != wanted:
        sys.exit(f"scan: {kinds} in the image, {wanted} here")
    say("scan", f"{', '.join(kinds)}: as here; {report['verdict']}")
    languages = call(inside("tesseract", "--list-langs")).split()
    say("tesseract", " ".join(languages[-6:]))
    serve(inside, keys, image)


def serve(inside: Any, keys: Path, image: Mapping[str, Any]) -> None:
    """The service as the container's first process, its health check, a check by key, and its stop."""
    (keys / "keys.json").unlink(missing_ok=True)
    own = [sys.executable, "-m", "photoscan", "serve", "add-key", "replay", "--keys", str(keys / "keys.json")]
    key = call(own, cwd=ROOT).strip()
    user = int(image["User"].partition(":")[0])
    os.chown(keys / "keys.json", user, user)
    words = [*image["Entrypoint"], "serve", "--host", "0.0.0.0", "--workers", "2", "--keys", "/keys/keys.json"]
    started = time.monotonic()
    with subprocess.Popen(inside("PHOTOSCAN_CACHE=/tmp/photoscan", *words)) as outer:
        first = _first(outer.pid)
        enter = ["nsenter", f"--target={first}", "--net", "--mount", "--pid", f"--root=/proc/{first}/root"]
        enter += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "env", "-i", *image["Env"]]
        try:
            probe = image["Healthcheck"]["Test"][1:]
            while subprocess.run([*enter, *probe], check=False).returncode:
                if outer.poll() is not None or time.monotonic() - started > 120:
                    sys.exit("serve: never well")
                time.sleep(1)
            say("serve", f"well after {time.monotonic() - started:.0f} s, by {' '.join(probe)}")
            say("check", call([*enter, "python", "-c", CHECK, key]).strip())
            say("memory", ", ".join(_memory(first)))
        finally:
            os.kill(first, 15)
            outer.wait(90)
    if outer.returncode:
        sys.exit(f"serve: ended with {outer.returncode}")
    say("stop", "ended with 0 on SIGTERM")


def _first(outer: int) -> int:
    """The container's first process, once it is in its own root."""
    for _ in range(200):
        for pid in _children(outer):
            if Path(f"/proc/{pid}/root").readlink() != Path("/"):
                return pid
        time.sleep(0.05)
    sys.exit("nothing started")


def _children(pid: int) -> list[int]:
    """Of all threads of a process."""
    rows = [file.read_text("utf-8") for file in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(word) for row in rows for word in row.split()]


def _memory(first: int) -> Iterator[str]:
    """Resident MiB of the service's processes, the first one's first."""
    for pid in [first, *sorted(_children(first))]:
        rows = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
        yield f"{int(rows['VmRSS'].split()[0]) // 1024} MiB"


def buildah(folder: Path, *words: str) -> str:
    """Run buildah with a store of its own."""
    store = [f"--root={folder / 'store'}", f"--runroot={folder / 'run'}"]
    return call(["buildah", *store, *words])


def call(command: Sequence[str], cwd: Path | None = None) -> str:
    """The standard output of a program that has to end with 0."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd)
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def say(step: str, what: object) -> None:
    """One line."""
    print(f"{step:10} {what}", flush=True)  # noqa: T201 - a script


if __name__ == "__main__":
    main()

#!/usr/bin/env bash
# Install a wheel in an empty environment and scan drawn photos with it: no checkout on the path, no network, a fresh home.
# Usage: test_wheel.sh PYTHON DRAWER WHEEL, where DRAWER is a Python that can import `fixtures`.
set -euo pipefail
python=$1 drawer=$2 wheel=$(realpath "$3")

empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
"$drawer" -m fixtures.draw "$empty/photos"
"$python" -m venv "$empty/venv"
"$empty/venv/bin/python" -m pip install --quiet "$wheel"

# A network namespace of its own has no way out, not even to this machine.
offline=(unshare --map-root-user --net)
"${offline[@]}" true 2>/dev/null || { offline=(); echo "no unshare here: the network stays reachable" >&2; }
cd "$empty"
mkdir home
photoscan=("${offline[@]}" env -i HOME="$empty/home" LANG=C.UTF-8 PATH=/usr/bin:/bin "$empty/venv/bin/photoscan")
"${photoscan[@]}" models verify
code=0
"${photoscan[@]}" scan photos --format jsonl > reports.jsonl || code=$?
"$empty/venv/bin/python" - "$code" <<'CHECK'
import json
import pathlib
import sys

reports = [json.loads(line) for line in pathlib.Path("reports.jsonl").read_text("utf-8").splitlines()]
failed = [d for r in reports for d in r["detectors"] if d["status"] == "failed"]
assert sys.argv[1] in {"0", "1"}, f"exit code {sys.argv[1]}"
assert reports, "no photo was scanned"
assert all(r["error"] is None for r in reports), "a photo could not be opened"
assert not failed, f"detectors failed: {failed}"
assert any(r["tool"]["models"] for r in reports), "no model ran"
found = sum(len(r["findings"]) for r in reports)
assert found, "nothing was found"
assert not list(pathlib.Path("home").rglob("*")), "the scan wrote to the home folder"
print(f"{len(reports)} photos scanned from the installed wheel, {found} findings")
CHECK

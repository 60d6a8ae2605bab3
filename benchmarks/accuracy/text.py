"""Text: lines read, addresses in blocks of lines, things to find in photos; identity numbers are in `numbers`.

DATA may hold `ground_truth.json`, a list of {"file", "condition", "lines": [{"text", "quad", "ignore"?}], "entities":
[{"type", "lines": [index], "text"}]}, and
`blocks.json`, a list of {"src", "noise", "is_address", "lines": [{"text"}]}. The two tables of numbers need no data.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from benchmarks.accuracy import numbers
from benchmarks.accuracy.numbers import plain
from benchmarks.accuracy.tables import Table, share
from benchmarks.peer_looks import cpu, sampled
from photoscan import scan_text
from photoscan.detectors import REGISTRY
from photoscan.detectors.base import TextDetector
from photoscan.detectors.code import CodeDetector
from photoscan.geometry import Box
from photoscan.options import PROFILES, ScanOptions
from photoscan.photo import Photo
from photoscan.readers import DEFAULT, READERS
from photoscan.views import Views

ADDRESS = ("text.address", "text.street")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be chosen about a run."""
    parser.add_argument("--profile", choices=PROFILES, default="balanced")
    parser.add_argument("--count", type=int, default=10_000, help="random digit strings and product codes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=10**9, help="that many of the photos, by chance")
    parser.add_argument("--ocr", choices=tuple(READERS), action="append", help="readers to compare; may be repeated")
    parser.add_argument("--beside", type=Path, action="append", help="what benchmarks/peer_looks.py wrote; repeatable")


def measure(arguments: argparse.Namespace) -> Iterator[Table]:
    """The tables, those that need no photos first."""
    yield numbers.identity_numbers(arguments.seed)
    yield numbers.chance(arguments.count, arguments.seed)
    if (blocks := arguments.data / "blocks.json").exists():
        yield addresses(json.loads(blocks.read_text("utf-8")))
    if (truth := arguments.data / "ground_truth.json").exists():
        rows = sampled(json.loads(truth.read_text("utf-8")), arguments.sample, arguments.seed)
        runs = {
            engine: looked(rows, arguments.data, ScanOptions(profile=arguments.profile, ocr=engine))
            for engine in arguments.ocr or [DEFAULT]
        }
        for file in arguments.beside or ():
            looks = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
            runs[file.stem] = {look["path"]: look for look in looks}
        yield lines(rows, {name: run for name, run in runs.items() if any("lines" in look for look in run.values())})
        yield entities(rows, runs)


def addresses(blocks: Sequence[dict[str, Any]]) -> Table:
    """Blocks of lines: those with an address in which one was said, and the others."""
    table = Table("Addresses in blocks of lines", ("source", "blocks", "address said"), "'~' marks character noise.")
    said: dict[str, list[bool]] = {}
    right = wrong = missed = clear = 0
    for block in blocks:
        found = any(f.kind.value in ADDRESS for f in scan_text([line["text"] for line in block["lines"]]))
        said.setdefault(block["src"] + ("~" if block["noise"] else ""), []).append(found)
        right += found and block["is_address"]
        wrong += found and not block["is_address"]
        missed += block["is_address"] and not found
        clear += not block["is_address"] and not found
    for source in sorted(said):
        table.add(source, len(said[source]), share(sum(said[source]), len(said[source])))
    table.add("recall", right + missed, share(right, right + missed))
    table.add("precision", right + wrong, share(right, right + wrong))
    table.add("false alarms", wrong + clear, share(wrong, wrong + clear))
    return table


Run = dict[str, dict[str, Any]]
"""By file: what peer_looks.py writes, and `kinds`: [kind, [x, y, w, h], value] of each finding of ours."""


def looked(rows: Sequence[dict[str, Any]], folder: Path, options: ScanOptions) -> Run:
    """What one of our readers sees in the photos, and what the detectors of text and codes make of it."""
    run: Run = {}
    for row in rows:
        started = cpu()
        views = Views(Photo.open(folder / row["file"], options.limits), options)
        seen = [{"text": line.text, "polygon": line.polygon} for line in views.lines]
        spent = cpu() - started
        found = [f for d in REGISTRY if isinstance(d, TextDetector | CodeDetector) for f in d.find(views)]
        kinds = [[f.kind.value, f.box.as_list(), f.value] for f in found if f.box]
        run[row["file"]] = {"cpu": spent, "lines": seen, "kinds": kinds}
    return run


def lines(rows: Sequence[dict[str, Any]], runs: dict[str, Run]) -> Table:
    """Lines that were read with at most a tenth of their characters wrong, wherever they stand, by condition."""
    table = Table(
        "Lines read",
        ("condition", "lines", *runs),
        "A line is read when some line of the output resembles it to nine tenths, or holds it. The last row is the CPU "
        "time of reading, decoding included, as a multiple of the first column's, over the same photos in one thread.",
    )
    total: Counter[str] = Counter()
    read: Counter[tuple[str, str]] = Counter()
    for row in rows:
        wanted = [w for w in (plain(t["text"]) for t in row["lines"] if not t.get("ignore")) if w]
        for condition in (row.get("condition", "real"), "all"):
            total[condition] += len(wanted)
            for name, run in runs.items():
                got = [plain(line["text"]) for line in run.get(row["file"], {}).get("lines", ())]
                read[condition, name] += sum(any(w in g or _alike(w, g) for g in got) for w in wanted)
    return _filled(table, total, read, runs)


KINDS = {
    # of the truth: kinds of ours, entities of Presidio; a label of an account counts as what it is, an account
    "ADDRESS": (("text.address", "text.street"), ("LOCATION", "GPE")),
    "HOUSE_NO": (("text.address", "text.street", "text.house_number"), ("LOCATION", "GPE")),
    "PHONE": (("text.phone",), ("PHONE_NUMBER",)),
    "EMAIL": (("text.email",), ("EMAIL_ADDRESS",)),
    "NATIONAL_ID": (("text.national_id", "text.bank_account"), ("US_SSN", "US_ITIN", "IBAN_CODE", "ID", "SG_NRIC_FIN")),
    "DOB": (("text.birth_date",), ("DATE_TIME",)),
    "SECRET": (("text.secret",), ("PASSWORD",)),
    "PERSON": (("text.person",), ("PERSON",)),
    "TRACKING": (("text.tracking", "code"), ("ID",)),
}


def entities(rows: Sequence[dict[str, Any]], runs: dict[str, Run]) -> Table:
    """Recall of each sort of thing in the drawn photos: anything of its kind that touches its lines."""
    runs = {name: run for name, run in runs.items() if any("kinds" in r or "found" in r for r in run.values())}
    table = Table(
        "Entities in photos",
        ("entity", "there", *runs),
        "Found: a finding of its kind touches its lines; the value is not compared, since peers give none. NATIONAL_ID "
        "holds IBANs, which are bank accounts here.",
    )
    total: Counter[str] = Counter()
    hit: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for entity in row.get("entities", ()):
            box = Box.around(tuple(p) for i in entity["lines"] for p in row["lines"][i]["quad"])
            ours, theirs = KINDS[entity["type"]]
            total[entity["type"]] += 1
            for name, run in runs.items():
                look = run.get(row["file"], {})
                places = [place for kind, place, _ in look.get("kinds", ()) if kind.startswith(ours)]
                places += [place for kind, *place in look.get("found", ()) if kind in theirs]
                hit[entity["type"], name] += any(Box(*map(int, p)).intersection(box) > 0 for p in places)
    return _filled(table, total, hit, runs)


def _filled(table: Table, total: Counter[str], hit: Counter[tuple[str, str]], runs: dict[str, Run]) -> Table:
    """The table with the share that each run hit of each sort, and what its reading cost."""
    for sort in sorted(total):
        table.add(sort, total[sort], *(share(hit[sort, name], total[sort]) for name in runs))
    cost = [sum(look["cpu"] for look in run.values()) for run in runs.values()]
    table.add("CPU of reading, relative", "", *(f"{one / cost[0]:.2f}" if cost[0] else "-" for one in cost))
    return table


def _alike(a: str, b: str) -> bool:
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.9

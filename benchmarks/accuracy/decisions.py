"""What each shipped policy makes of photos that were scanned before: the mix of its decisions.

DATA are files of reports, one a line (`photoscan scan --format jsonl`). They are judged anew by each policy, so that a
rule that changed is measured without another scan. A report of a scan that left detectors out (`--only`) can only be
'incomplete' where the policy requires them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator

from benchmarks.accuracy import reports
from benchmarks.accuracy.tables import Table, share
from photoscan.decision import LEVELS, Verdict
from photoscan.report import Report
from photoscan.risk import assess
from photoscan.risk.policy import SHIPPED, Policy

SEVERAL = True
"""DATA may be several files."""
VERDICTS: tuple[Verdict, ...] = ("allow", "review", "block", "incomplete")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be chosen about a run."""
    parser.add_argument("--policy", action="append", help="a policy's name or file; by default all that are shipped")


def measure(arguments: argparse.Namespace) -> Iterator[Table]:
    """One table for each file."""
    policies = [Policy.load(name) for name in arguments.policy or SHIPPED]
    for path in arguments.data:
        yield mix(path.stem, list(reports.read(path)), policies)


def mix(name: str, scanned: Iterable[Report], policies: Iterable[Policy]) -> Table:
    """How many photos of a set each policy decides in which way, and why somebody is asked at all."""
    found = list(scanned)
    table = Table(
        f"Decisions on {name}",
        ("policy", "photos", *VERDICTS, "with a notice, allowed", *(f"{level} risk" for level in LEVELS[1:])),
        "Shares of the photos. The levels of risk are the same under every policy but for what it exempts.",
    )
    for policy in policies:
        judged = [assess(report, policy) for report in found]
        verdicts = Counter(report.verdict for report in judged)
        nudged = sum(bool(report.decision.notices) and report.verdict == "allow" for report in judged)
        levels = Counter(report.risk.level for report in judged)
        table.add(
            policy.name,
            len(judged),
            *(share(verdicts[verdict], len(judged)) for verdict in VERDICTS),
            share(nudged, len(judged)),
            *(share(levels[level], len(judged)) for level in LEVELS[1:]),
        )
    return table

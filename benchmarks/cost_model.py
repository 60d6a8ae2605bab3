"""What measured CPU seconds come to: photos a second and core, machines and money a day, and what changes them.

All that is no measurement is an assumption that stands in `Assumptions`, and can be given otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.accuracy.tables import Table

DAY = 24 * 60 * 60.0
"""Seconds."""
MONTH = 730.0
"""Hours."""
VOLUMES = (1_000_000, 10_000_000, 100_000_000)
"""Photos a day."""
LOOKS = ("file", "fast", "steps", "balanced", "thorough")
ALL_STEPS = "all-steps"
"""What a photo costs that no step before the last decides; steps share what networks say of the same pixels."""
ENGINE = "onnxruntime"
BF16 = "openvino"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What nobody measured here.

    `core_hour`: dollars for a core and hour with the memory of a worker, no quotation. `cores` of a machine.
    `peak`: the busiest hour as a multiple of the mean. `filled`: share of a machine that is used at the peak.
    `share_1`, `share_2`: shares of photos of 1 and 2 megapixels, the others have 12. `street`: share of the photos with
    much to look at. `stopped_file`, `stopped_fast`: shares of the photos that are decided by what the file says, and by
    a fast look.
    """

    core_hour: float = 0.04
    cores: int = 16
    peak: float = 3.0
    filled: float = 0.7
    share_1: float = 0.5
    share_2: float = 0.3
    street: float = 0.3
    stopped_file: float = 0.05
    stopped_fast: float = 0.1

    @property
    def sizes(self) -> Mapping[int, float]:
        """Shares of the photos by megapixels."""
        return {1: self.share_1, 2: self.share_2, 12: 1 - self.share_1 - self.share_2}

    @property
    def sorts(self) -> Mapping[str, float]:
        """Shares of the photos by what is in them."""
        return {"plain": 1 - self.street, "street": self.street}


def of(results: Mapping[str, Any]) -> Assumptions:
    """The usual assumptions; shares decided early are those of the ordinary photos, where some were measured."""
    usual = Assumptions()
    for row in results.get("ordinary", ()):
        if row["look"] == "steps":
            tiers = row["tiers"]
            shares = {name: tiers.get(name, 0) / row["photos"] for name in ("metadata", "fast")}
            usual = replace(usual, stopped_file=round(shares["metadata"], 2), stopped_fast=round(shares["fast"], 2))
    return usual


def seconds(results: Mapping[str, Any], look: str, photo: str, engine: str = ENGINE) -> float:
    """CPU seconds of one drawn photo; KeyError where that was not measured."""
    for row in (*results["photos"], *results["light"]):
        if (row["engine"], row["look"], row["photo"]) == (engine, look, photo):
            return float(row["seconds"])
    raise KeyError((engine, look, photo))


def mean(results: Mapping[str, Any], look: str, given: Assumptions, engine: str = ENGINE) -> float:
    """CPU seconds of a photo of the assumed mixture."""
    if look == "steps":
        file, fast, through = (mean(results, name, given, engine) for name in ("file", "fast", ALL_STEPS))
        early = given.stopped_file + given.stopped_fast
        return given.stopped_file * file + given.stopped_fast * (file + fast) + (1 - early) * through
    name = "light" if look == "file" else look
    return sum(
        part * share * seconds(results, name, f"{sort} {size}", ENGINE if look == "file" else engine)
        for size, part in given.sizes.items()
        for sort, share in given.sorts.items()
    )


def cores(photos: float, cost: float, given: Assumptions) -> float:
    """Cores that bear so many photos a day at their peak."""
    return photos * cost / DAY * given.peak / given.filled


def machines(photos: float, cost: float, given: Assumptions) -> int:
    """Machines that hold so many cores, at least one."""
    return max(1, math.ceil(cores(photos, cost, given) / given.cores))


def dollars(photos: float, cost: float, given: Assumptions) -> tuple[float, float]:
    """A month's price: of as many machines as follow the load, and of those for the peak that always run."""
    always = machines(photos, cost, given) * given.cores * given.core_hour * MONTH
    follows = photos * cost / DAY / given.filled * given.core_hour * MONTH
    return follows, always


def engines(results: Mapping[str, Any]) -> Sequence[str]:
    """Those that were measured."""
    return tuple(dict.fromkeys(row["engine"] for row in results["photos"]))


def said(results: Mapping[str, Any]) -> str:
    """Where and when the figures were measured."""
    rounds = "one round" if results["rounds"] == 1 else f"medians of {results['rounds']} rounds"
    where = f"with photoscan {results['photoscan']} on {results['processor']}"
    return f"Measured on {results['measured']} {where}, one thread; {rounds}."


def tables(results: Mapping[str, Any], given: Assumptions) -> Iterator[Table]:
    """All that the page shows."""
    yield from _photos(results)
    yield _light(results)
    yield _assumed(given)
    yield from (_volume(results, given, photos) for photos in VOLUMES)
    yield _savings(results, given)
    if results.get("ordinary"):
        yield _ordinary(results, given)


def _photos(results: Mapping[str, Any]) -> Iterator[Table]:
    """A column for each photo, a row for each look."""
    found: dict[tuple[str, str], dict[str, Mapping[str, float]]] = {}
    for row in results["photos"]:
        found.setdefault((row["engine"], row["look"]), {})[row["photo"]] = row
    names = sorted(next(iter(found.values())), key=lambda name: (name.split()[0], int(name.split()[1])))
    kinds: tuple[tuple[str, Callable[[Mapping[str, float]], str]], ...] = (
        ("CPU seconds a photo, by kind and megapixels", lambda row: f"{row['seconds']:.2f}"),
        ("Photos a second and core", lambda row: f"{1 / row['seconds']:.2f}"),
        ("Share of a photo's seconds in networks", lambda row: f"{row['networks'] / row['seconds']:.0%}"),
    )
    for title, shown in kinds:
        table = Table(title, ("engine", "look", *names))
        for (engine, look), rows in found.items():
            table.add(engine, look, *(shown(rows[name]) for name in names))
        yield table


def _light(results: Mapping[str, Any]) -> Table:
    table = Table("What the file says, and texts", ("what", "CPU ms", "a second and core"))
    for row in sorted(results["light"], key=lambda row: row["seconds"]):
        what = "a text of 250 characters" if row["photo"] == "text" else f"the file of {row['photo']}"
        table.add(what, f"{row['seconds'] * 1000:.1f}", f"{1 / row['seconds']:.0f}")
    return table


def _assumed(given: Assumptions) -> Table:
    table = Table("Assumed", ("what", "value", "option"))
    words = {
        "core_hour": "dollars for a core and hour, November 2026",
        "cores": "cores of a machine",
        "peak": "the busiest hour, as a multiple of the mean",
        "filled": "share of a machine used at the peak",
        "share_1": "share of photos with 1 megapixel",
        "share_2": "share with 2; the others have 12",
        "street": "share of photos with much to look at",
        "stopped_file": "share decided by what the file says",
        "stopped_fast": "share decided by a fast look",
    }
    for name, what in words.items():
        table.add(what, f"{getattr(given, name):g}", f"`--{name.replace('_', '-')}`")
    return table


def _volume(results: Mapping[str, Any], given: Assumptions, photos: int) -> Table:
    table = Table(
        f"{photos // 1_000_000} million photos a day",
        ("look", "engine", "CPU s a photo", "cores, mean", "machines, peak", "dollars a month", "always on"),
    )
    for engine in engines(results):
        for look in LOOKS if engine == ENGINE else LOOKS[1:]:
            cost = mean(results, look, given, engine)
            follows, always = dollars(photos, cost, given)
            table.add(
                look,
                engine,
                f"{cost:.3g}",
                f"{photos * cost / DAY:.1f}",
                machines(photos, cost, given),
                f"{follows:,.0f}",
                f"{always:,.0f}",
            )
    return table


def _savings(results: Mapping[str, Any], given: Assumptions) -> Table:
    whole = mean(results, "balanced", given)
    table = Table("What changes the cost", ("what", "CPU s a photo", "of balanced"))

    def row(what: str, cost: float) -> None:
        table.add(what, f"{cost:.2g}" if cost < 1 else f"{cost:.2f}", f"{cost / whole:.2g}")

    for look in ("balanced", "fast", "file"):
        row(look, mean(results, look, given))
    row("steps, as assumed", mean(results, "steps", given))
    for stopped in sorted({0.0, 0.2, 0.4, 0.6, 0.8, min(1.0, even(results, given))}):
        cost = mean(results, "steps", replace(given, stopped_file=0.0, stopped_fast=stopped))
        row(f"steps, {stopped:.0%} decided by a fast look", cost)
    if BF16 in engines(results):
        for look in ("balanced", "fast"):
            row(f"{look}, {BF16}", mean(results, look, given, BF16))
    row("balanced, networks on a GPU that costs nothing: no less than", whole * (1 - networks(results, given)))
    return table


def even(results: Mapping[str, Any], given: Assumptions) -> float:
    """Share of photos that a fast look has to decide, so that steps cost no more than a whole look at each."""
    file, fast, whole, through = (mean(results, look, given) for look in ("file", "fast", "balanced", ALL_STEPS))
    return max(0.0, (through - whole) / (through - file - fast))


def networks(results: Mapping[str, Any], given: Assumptions, look: str = "balanced") -> float:
    """Share of a photo's CPU seconds that is spent in networks."""
    spent: dict[str, float] = {
        r["photo"]: r["networks"] for r in results["photos"] if (r["engine"], r["look"]) == (ENGINE, look)
    }
    part = sum(p * s * spent[f"{sort} {size}"] for size, p in given.sizes.items() for sort, s in given.sorts.items())
    return part / mean(results, look, given)


def _ordinary(results: Mapping[str, Any], given: Assumptions) -> Table:
    table = Table(
        "A check: ordinary photos",
        ("look", "photos", "CPU s a photo", "drawn, 1 and 2 MP", "decisions", "decided by"),
    )
    for row in results["ordinary"]:
        small = replace(given, share_1=0.5, share_2=0.5)
        told = [", ".join(f"{name} {number}" for name, number in row[part].items()) for part in ("decisions", "tiers")]
        drawn = f"{mean(results, row['look'], small):.2g}"
        table.add(row["look"], row["photos"], f"{row['seconds']:.2g}", drawn, told[0], told[1] or "-")
    return table

"""Addresses: streets, numbers, postcodes and places of many languages, weighed over neighbouring lines.

The words are data: `rules/address_words/`. Tiers: a full address, a street without more, a house
number by itself, a place without a street.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import house_numbers, other_numbers, signposts
from photoscan.textual.address_clues import Clues, clues
from photoscan.textual.address_rules import announces
from photoscan.textual.neighbours import blocks
from photoscan.textual.places import is_known
from photoscan.textual.words import fold

ADDRESS = 4.0
"""Points from which neighbouring lines are an address: an unmistakable street and its house number have as many."""
_REACH = 2
"""Lines of a block that may stand between two parts of one address."""


class AddressDetector(TextDetector):
    """One finding for each address.

    Attributes: `country_codes`, the likeliest first, and the parts as `value_street`, `value_number`,
    `value_postcode`, `value_city`, `value_state`, `value_country`.
    """

    name: ClassVar[str] = "address"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_ADDRESS, Kind.TEXT_STREET, Kind.TEXT_HOUSE_NUMBER, Kind.TEXT_PLACE)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Addresses and streets, then house numbers that belong to neither."""
        texts = other_numbers.unlisted([line.text for line in lines])
        seen = [clues(text) for text in texts]
        for i, line in enumerate(lines):
            if line.text != texts[i]:
                seen[i] = replace(seen[i], counted=True)
        taken: set[int] = set()
        streets: list[tuple[int, str | None]] = []
        for block in blocks(lines):
            for row in signposts.distances([lines[i].text for i in block]):
                seen[block[row]] = Clues()
            for group in _groups(block, seen):
                for match in _judged(lines, group, seen):
                    taken |= set(match.lines)
                    if match.kind is not Kind.TEXT_PLACE:
                        streets += ((i, match.attributes.get("value_number")) for i in match.lines)
                    yield match
        for found in house_numbers.find(lines, streets, taken):
            yield TextMatch(Kind.TEXT_HOUSE_NUMBER, (found.line,), found.text, found.confidence, found.reason)


def _groups(block: Sequence[int], seen: Sequence[Clues]) -> Iterator[list[int]]:
    """Runs of lines with evidence, at most two lines without any between them, from where an address can begin."""
    for group in _runs(block, seen):
        while len(group) > 1 and seen[group[0]].only_town and any(seen[i].begins for i in group):
            group.pop(0)
        yield group


def _runs(block: Sequence[int], seen: Sequence[Clues]) -> Iterator[list[int]]:
    group: list[int] = []
    gap = 0
    for i in block:
        if seen[i].any:
            if gap > _REACH:
                yield group
                group = []
            group.append(i)
            gap = 0
        elif group:
            gap += 1
    if group:
        yield group


def _judged(lines: Sequence[TextLine], group: Sequence[int], seen: Sequence[Clues]) -> Iterator[TextMatch]:
    """The address in a group of lines, or the streets in it."""
    found = [seen[i] for i in group]
    points, why = _weighed(found)
    if any(_of_a_show(seen, i) for i in group) and not any(c.postcode or c.labels for c in found):
        points -= 1.5
    if ADDRESS > points >= ADDRESS - 1.5 and "street" in why and _announced(lines, group):
        points, why = points + 1.5, [*why, "announced"]
    if points >= ADDRESS and len(why) >= 2:
        text = ", ".join(lines[i].text.strip(" ,") for i in group)
        confidence = round(min(0.97, 0.6 + 0.09 * (points - ADDRESS)), 3)
        yield TextMatch(Kind.TEXT_ADDRESS, tuple(group), text, confidence, " + ".join(why), _parts(found))
        return
    streets = set()
    for i in group:
        street = seen[i].street
        if _of_a_show(seen, i):
            continue
        if street and (street.strong or (street.standing == "plain" and street.whole)):
            confidence = 0.7 if street.whole and street.strong and not seen[i].counted else 0.45
            reason = f"a street word ({', '.join(sorted(street.languages))}) with a name"
            yield TextMatch(Kind.TEXT_STREET, (i,), street.text, confidence, reason, _parts([seen[i]]))
            streets.add(i)
    yield from _places(lines, [i for i in group if i not in streets], seen)


def _announced(lines: Sequence[TextLine], group: Sequence[int]) -> bool:
    """Whether the lines, or the one before them, say that an address comes: 'I live at', 'alamat', 'ship to'."""
    return any(announces(lines[i].text) for i in range(max(0, group[0] - 1), group[-1] + 1))


def _of_a_show(seen: Sequence[Clues], i: int) -> bool:
    """Whether a line or one beside it speaks of a song or a film: 'Penny Lane (official video)'."""
    return any(c.show for c in seen[max(0, i - 1) : i + 2])


def _places(lines: Sequence[TextLine], rest: Sequence[int], seen: Sequence[Clues]) -> Iterator[TextMatch]:
    """A place without a street: two sorts of evidence in neighbouring lines, such as a town with its postcode."""
    holders = [i for i in rest if seen[i].postcode or seen[i].town or seen[i].state or seen[i].country]
    found = [seen[i] for i in holders]
    sorts = {
        "postcode": any(c.postcode for c in found),
        "town": any(c.town for c in found),
        "state": any(c.state for c in found),
        "country": any(c.country for c in found),
    }
    why = [name for name, there in sorts.items() if there]
    named = sorts["town"] or sorts["state"]
    if len(why) < 2 or not named:
        return
    text = ", ".join(lines[i].text.strip(" ,") for i in holders)
    confidence = 0.6 if len(why) == 2 else 0.75
    yield TextMatch(Kind.TEXT_PLACE, tuple(holders), text, confidence, " + ".join(why), _parts(found))


def _weighed(found: Sequence[Clues]) -> tuple[float, list[str]]:
    """The points of the evidence in some lines, and its names."""
    points: dict[str, float] = {}

    def add(name: str, value: float, limit: float | None = None) -> None:
        points[name] = min(limit, points.get(name, 0) + value) if limit else max(points.get(name, 0), value)

    for c in found:
        if c.form:
            add("form", 4)
            add("number", 0.1)
        if c.street:
            sign = c.street.standing in ("sign", "slip")
            add("street", 2.5 if c.street.strong else 1 if sign else 1.5)
            if c.street.number:
                # The whole of a line, a number and a bare street, is an address.
                bare = not (c.street.strong or sign or c.street.loose)
                weak = c.street.loose and not c.street.strong
                add("number", 2.5 if bare and (c.street.whole or c.street.fills) else 1 if weak else 1.5)
            if c.second:
                add("second street", 1)
        if c.labels:
            add("label", len(c.labels), 2)
        if c.box:
            add("box", 2.5)
        if c.quarter:
            add("quarter", 2.5)
        if c.named_number and not c.street:
            add("name with number", 1)
        if c.postcode:
            add("postcode", 2.5 if c.postcode_strong else 1.5)
        if c.town:
            add("town", 1.5)
        if c.state:
            add("state", 1.5)
        if c.country:
            add("country", 1.5)
        if c.areas:
            add("area", 0.75 * c.areas, 2.25)
        if c.named_area and c.labels and not c.street:
            add("numbered quarter", 1.5)
    return sum(points.values()), sorted(points)


def _parts(found: Sequence[Clues]) -> dict[str, Any]:
    votes = Counter(code for c in found for code in c.countries)
    attributes: dict[str, Any] = {"country_codes": [code for code, _ in votes.most_common(3)]}
    street = next((c.street for c in found if c.street), None)
    parts = {
        "street": street.text if street else None,
        "number": (street.number if street else None) or next((n for c in found for n in c.labels), None),
        "postcode": next((c.postcode for c in found if c.postcode), None),
        "city": next((c.city for c in reversed(found) if c.city), None),
        "state": next((c.state for c in found if c.state), None),
        "country": next((c.country for c in reversed(found) if c.country), None),
    }
    if parts["number"] == parts["postcode"]:
        parts["number"] = None
    for name in ("city", "state", "country"):
        # These are shown in masked values: a word that only resembles a place's name may be anybody's.
        if (part := parts[name]) and not is_known(fold(part)):
            parts[name] = None
    return attributes | {f"value_{name}": part for name, part in parts.items() if part}

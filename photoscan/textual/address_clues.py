"""What one line holds of an address: a street, a number behind a label, a postcode, places, words of a quarter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from photoscan.textual import other_numbers, postcodes, streets, units
from photoscan.textual.address_rules import announces, context, languages, tells_a_show, vocabulary
from photoscan.textual.places import Place, place
from photoscan.textual.street_names import phrases, standing
from photoscan.textual.street_numbers import is_number
from photoscan.textual.streets import Street
from photoscan.textual.words import Word, segments, words

_YEAR = re.compile(r"^(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Clues:
    """The evidence in one line. `countries` are the codes that each piece of it speaks for.

    `postcode_strong`: its form alone tells that it is one. `named_number`: a name with a number before the first comma,
    as streets without a street word are written. `form`: the whole of an address by its shape, `quarter` a large part.
    `second`: another street stands behind the numbered one and a comma ('3 Rose Cottages, Mill Hill'). `city`: the last
    town that stands alone: one beside other names may be half of a longer name ('Bandar Baru Bangi'), or of somebody's.
    """

    street: Street | None = None
    labels: tuple[str, ...] = ()
    postcode: str | None = None
    postcode_strong: bool = False
    town: str | None = None
    state: str | None = None
    country: str | None = None
    areas: int = 0
    named_area: bool = False
    box: bool = False
    named_number: bool = False
    form: str | None = None
    quarter: bool = False
    second: bool = False
    city: str | None = None
    counted: bool = False
    show: bool = False
    countries: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether the line holds any evidence at all."""
        return bool(
            self.street or self.labels or self.postcode or self.town or self.state or self.country or self.areas
            or self.box or self.named_number or self.form or self.quarter
        )  # fmt: skip

    @property
    def begins(self) -> bool:
        """Whether an address can begin with this line."""
        return bool(self.street or self.labels or self.box or self.named_number or self.form)

    @property
    def only_town(self) -> bool:
        """Whether a town's name is all there is: greetings and names of shops look like some town's."""
        return bool(self.town) and not (self.begins or self.postcode or self.state or self.country or self.areas)


def clues(line: str) -> Clues:
    """The evidence for an address in one line, numbers of other things left out of it."""
    whole, line = line, other_numbers.without(line)
    parts = words(line, houses=True)
    show = (tells_a_show(whole) and not announces(whole)) or other_numbers.is_release(whole)
    if not parts or len(parts) > 40 or other_numbers.is_field(whole):
        return Clues(show=show)
    form = next(((m[0], f) for r in languages() for f in r.forms if (m := f.pattern.search(line))), None)
    quarter = next((f for r in languages() for f in r.quarters if f.pattern.search(line)), None)
    street = streets.find(line, parts)
    sign = next((f for r in languages() for f in r.streets if f.pattern.search(line.strip())), None)
    if sign and not any(word in line for r in languages() for word in r.not_names if not word.isascii()):
        street = Street(line.strip(), 0, len(parts) - 1, None, True, True, ("chinese",))
    labels = units.find(line, parts)
    code, strong, code_countries = postcodes.find(line, parts, street)
    if code in labels and not strong:
        code = None  # 'Lot 4471': one number is not both
    outside = [w for i, w in enumerate(parts) if not (street and street.first <= i <= street.last)]
    places = [] if show or (line != whole and not (street or code)) else _places(line, outside, code)
    found = {
        level: next(((n, p) for n, p in places if p.level == level), None) for level in ("town", "state", "country")
    }
    votes = [
        *(form[1].countries if form else quarter.countries if quarter else ()),
        *code_countries,
        *(c for _, p in places for c in p.countries),
    ]
    if street and len(street.languages) == 1:  # a word of several languages tells of no country
        votes += next((r.countries for r in languages() if r.name == street.languages[0]), ())
    return Clues(
        street=street,
        labels=labels,
        postcode=code,
        postcode_strong=strong,
        town=found["town"][0] if found["town"] else None,
        state=found["state"][0] if found["state"] else None,
        country=found["country"][0] if found["country"] else None,
        areas=(areas := _areas(parts)),
        named_area=areas > 0 and _has_name(parts),
        box=_box(parts),
        named_number=_is_named_number(line, parts, code, bool(places)),
        form=form[0] if form else None,
        quarter=quarter is not None,
        second=bool(street and street.number and _second(line, parts, street)),
        city=next((n for n, p in reversed(places) if p.level == "town" and _alone(n, outside)), None),
        counted=line != whole,
        show=show,
        countries=tuple(votes),
    )


def _second(line: str, parts: Sequence[Word], street: Street) -> bool:
    """Whether another street fills the words between a comma behind the first and the next one."""
    behind = [s for s in segments(parts) if parts.index(s[0]) > street.last]
    found = streets.find(line, behind[0]) if behind else None
    return found is not None and found.first == 0 and found.last == len(behind[0]) - 1


def _places(line: str, parts: Sequence[Word], code: str | None) -> list[tuple[str, Place]]:
    """Towns, states and countries that fill the space between commas, or end it, or stand beside a postcode."""
    found = []
    shouted = line.isupper() or line.islower()
    for segment in segments(parts):
        names = [w for w in segment if not w.has_digit]
        i = 0
        while i < len(names):
            step = 1
            for last, phrase in phrases(names, i):
                known = place(phrase)
                if known is None or not (shouted or names[i].is_name):
                    continue
                fills = i == 0 and last == len(names) - 1
                ends = last == len(names) - 1 and (code is not None or known.level == "country" or len(parts) > 3)
                starts = i == 0 and code is not None
                region = last + 1 == len(names) - 1 and names[-1].raw.isupper() and len(names[-1].raw) in (2, 3)
                if fills or ends or starts or region:
                    found.append((line[names[i].start : names[last].end], known))
                step = last - i + 1
                break
            i += step
    region_codes = {code for r in languages() for code in r.region_codes}
    tail = re.search(r"[-/,]\s*([A-Z]{2})\b\s*(?:,.*)?$", line)
    if tail and tail[1] in region_codes:
        found.append((tail[1], Place("state", ("BR",))))
    return found


def _alone(town: str, parts: Sequence[Word]) -> bool:
    """Whether no name stands beside a town's between its commas, but those of states and countries behind it."""
    size = len(words(town))
    for segment in segments(parts):
        at = next((i for i in range(len(segment)) if _same(segment[i : i + size], town)), None)
        if at is not None:
            return not (at and segment[at - 1].is_name) and _only_wider(segment[at + size :])
    return False


def _same(run: Sequence[Word], name: str) -> bool:
    return [w.raw for w in run] == [w.raw for w in words(name)]


def _only_wider(behind: Sequence[Word]) -> bool:
    names = [w for w in behind if w.is_name and not (w.raw.isupper() and len(w.raw) <= 3)]
    i = 0
    while i < len(names):
        wider = [last for last, phrase in phrases(names, i) if (p := place(phrase)) and p.level != "town"]
        if not wider:
            return False
        i = wider[0] + 1
    return True


def _areas(parts: Sequence[Word]) -> int:
    return sum(bool(vocabulary("area").exact(w.folded)) and len(parts) > 1 for w in parts)


def _has_name(parts: Sequence[Word]) -> bool:
    """Whether any word names the quarter: 'Block 2, Tower 1' has none."""
    known = (vocabulary("area"), vocabulary("number"))
    return any(len(w.folded) > 2 and not w.has_digit and not any(v.exact(w.folded) for v in known) for w in parts)


def _box(parts: Sequence[Word]) -> bool:
    """'PO Box 771', 'BP 45', 'Postfach 12 34': a post box with a number."""
    return any(
        vocabulary("boxes").tags(phrase) and last + 1 < len(parts) and parts[last + 1].raw[:1].isdigit()
        for i in range(len(parts))
        for last, phrase in phrases(parts, i)
    )


def _is_named_number(line: str, parts: Sequence[Word], code: str | None, placed: bool) -> bool:
    """'Herengracht 573': one to four words of a name and a house number at either end fill the line, or all that stands
    before the comma of its postcode or place."""
    first = segments(parts)[0]
    whole = len(first) == len(parts)
    if not 2 <= len(first) <= 5 or (whole and code is not None) or not (whole or code or placed):
        return False
    if code is not None and code[:3] in line[: first[-1].end]:
        return False
    parts = first
    small = line.islower() and not whole
    for number, names in ((parts[-1], parts[:-1]), (parts[0], parts[1:])):
        if is_number(number) and not _YEAR.match(number.raw) and (small or _are_names(names)):
            known = context().not_postcode | context().not_street
            labels = (vocabulary("number"), vocabulary("area"))
            if all(any(v.exact(w.folded) for v in labels) for w in names):
                return False  # 'Lot 33' is a label with its number: of a plot, and as well of a batch
            distance = number is parts[-1] and number.raw.isdigit() and place(" ".join(w.folded for w in names))
            if distance or _is_sign(names):
                return False  # 'Ipoh 62' is how far it is, 'Tennis Court 2' no street
            return not any(w.folded in known for w in names) and any(len(w.folded) > 3 for w in names)
    return False


def _are_names(names: Sequence[Word]) -> bool:
    """Whether words are a name, in which one word may be written small: 'Andrássy út', 'bul. Vitosha'."""
    small = sum(not w.is_name for w in names)
    return small == 0 or (small == 1 < len(names) and not any(w.has_digit for w in names))


def _is_sign(names: Sequence[Word]) -> bool:
    """Whether a name ends in a street word that what stands before it makes a sign or an idiom of."""
    if len(names) < 2:
        return False
    tags = [tag for role in ("after", "after_weak") for tag in vocabulary(role).exact(names[-1].folded)]
    return standing(names[-2].folded, tags) in ("never", "sign")


def is_quarter(text: str) -> bool:
    """Whether a word of a line names a quarter and labels no number."""
    folded = [w.folded for w in words(text)]
    return any(vocabulary("area").exact(word) and not vocabulary("number").exact(word) for word in folded)

"""What a clean copy shall lose and keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from photoscan import brushes, given, groups
from photoscan.brushes import Style
from photoscan.container import COARSENESS, KEEPABLE, Coarseness
from photoscan.errors import UsageError
from photoscan.finding import LIKELY, Finding, Region
from photoscan.formats import Format, targets
from photoscan.geometry import Box
from photoscan.kind import Kind, Severity, check_prefix, named
from photoscan.redaction.base import Patch

KEPT = ("icc", "orientation")
"""What stays unless somebody says otherwise: without them the picture looks different."""

TARGETS = targets()
"""Formats that a copy can be converted to."""
HIDDEN = "hidden"
"""The attribute of findings in what the picture does not show: stripping takes them out, there is nothing to cover."""
EXEMPT = "exempt"
"""The attribute of findings that a policy knows or ignores."""


class Choices(Protocol):
    """What a policy says of clean copies; None leaves it open."""

    @property
    def kinds(self) -> tuple[str, ...] | None:
        """Dotted prefixes to hide in the picture."""

    @property
    def style(self) -> Style | None:
        """How to hide."""

    @property
    def keep(self) -> tuple[str, ...] | None:
        """Parts of the file that stay."""

    @property
    def remove(self) -> tuple[str, ...] | None:
        """Groups of what the file says that go, while the others stay."""

    @property
    def coarsen_gps(self) -> Coarseness | None:
        """How much of a position stays."""

    @property
    def possible_from(self) -> float | None:
        """The confidence from which something is hidden."""


class Decided(Protocol):
    """A policy's rule for a kind."""

    @property
    def decision(self) -> str:
        """'allow', 'review' or 'block'."""


class Policy(Protocol):
    """As much of a policy as cleaning needs to know."""

    def rule(self, kind: Kind) -> Decided | None:
        """The decision of its own for a kind, if there is one."""

    @property
    def redaction(self) -> Choices:
        """What a clean copy loses and keeps."""

    @property
    def minimum_confidence(self) -> float:
        """Confidence from which a finding decides."""


@dataclass(frozen=True, slots=True)
class CleanPlan:
    """What a clean copy loses and keeps.

    `metadata_only`: the picture stays as it is. `redact`: kinds (dotted prefixes, or 'all') to hide in it; None for
    everything of medium harm and more. `style`: how to hide. `boxes`: regions hidden whatever is in them, in upright
    pixels. `keep`: parts of the file that stay, of KEEPABLE, and what of its words: groups or kinds in them
    (`photoscan.groups`). `remove`: groups or kinds that go, while all others stay. Both are held as single topics.
    `coarsen_gps`: a rounded position stays instead of none.
    `keep_faces`: names of known people whose faces stay, if they consent. `allowed`: the kinds, not prefixes of kinds,
    that stay where `redact` is None. `possible_from`: the confidence, 0 to 1, from which something is hidden; what is
    less sure stays, and the receipt says so. `sure`: the confidence, 0 to 1, from which something that is left in the
    copy prevents it. `to`: the copy's format ('jpeg', 'png'), None for the source's own. `rename`: the copy gets
    another name.

    Raises UsageError, as it is made, for choices that do not exist, are of another type or contradict one another.
    """

    metadata_only: bool = False
    redact: tuple[str, ...] | None = None
    style: Style = "fill"
    keep: tuple[str, ...] = KEPT
    boxes: tuple[Box, ...] = ()
    coarsen_gps: Coarseness | None = None
    keep_faces: tuple[str, ...] = ()
    allowed: frozenset[Kind] = frozenset()
    possible_from: float = LIKELY
    sure: float = LIKELY
    to: Format | str | None = None
    rename: bool = False
    remove: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._set(metadata_only=given.flag(self.metadata_only, "metadata_only"))
        self._set(rename=given.flag(self.rename, "rename"), sure=given.share(self.sure, "sure"))
        self._set(possible_from=given.share(self.possible_from, "possible_from"))
        if self.redact is not None:
            kinds = given.words(self.redact, "redact", "('face', 'plate')")
            self._set(redact=tuple(check_prefix(prefix) for prefix in kinds))
        self._set(keep=given.words(self.keep, "keep", "('icc', 'copyright')"))
        self._set(keep_faces=given.words(self.keep_faces, "keep_faces", "('Aina',)"))
        self._set(allowed=frozenset(_kind(word) for word in given.words(self.allowed, "allowed", "('plate',)")))
        self._set(boxes=_boxes(self.boxes))
        brushes.brush(self.style)
        self._set(remove=_topics(given.words(self.remove, "remove", "('gps', 'names')"), "remove", groups_only=True))
        self._set(keep=_topics(self.keep, "keep"))
        if self.coarsen_gps is not None and self.coarsen_gps not in COARSENESS:
            raise UsageError("problem.clean.coarsen", word=self.coarsen_gps, known=", ".join(COARSENESS))
        self._settle_groups()
        if self.to is not None:
            self._set(to=_target(self.to))
        if self.to is not None and self.metadata_only:
            raise UsageError("problem.clean.to_stripped")
        if self.metadata_only and (self.boxes or self.keep_faces):
            raise UsageError("problem.clean.hides_stripped")

    def _set(self, **plain: object) -> None:
        for name, value in plain.items():
            object.__setattr__(self, name, value)

    def _settle_groups(self) -> None:
        """Keep what is left by what goes; UsageError for what is to stay and to go."""
        if both := [word for word in self.keep if word in self.remove or _SAYS.get(word) in self.remove]:
            raise UsageError("problem.clean.both", word=both[0])
        if self.coarsen_gps is not None and _GPS in (*self.keep, *self.remove):
            raise UsageError("problem.clean.coarsen_both")
        if self.remove:
            places = (_GPS, Kind.METADATA_PLACE.value) if self.coarsen_gps else ()
            left = (topic for topic in groups.left_by(self.remove) if topic not in places)
            self._set(keep=tuple(dict.fromkeys((*self.keep, *left, "projection"))))

    @property
    def topics(self) -> tuple[str, ...]:
        """What of the file's own words stays (`photoscan.groups`)."""
        # Most plans keep no words, and need no table.
        return tuple(word for word in self.keep if word not in KEEPABLE)

    @property
    def target(self) -> Format | None:
        """The copy's format; None for the source's own."""
        return None if self.to is None else Format(self.to)

    @staticmethod
    def by_policy(policy: Policy, **own: Any) -> CleanPlan:
        """What a policy says of clean copies, with what the caller chose instead: fields in `own` that are not None.

        What a policy hides may stand beside `metadata_only`, but not what the caller wants hidden: UsageError.
        """
        if own.get("metadata_only") and own.get("redact"):
            raise UsageError("problem.clean.hides_stripped")
        own = dict(own)
        if own.get("remove") and not any(own.get(name) for name in _HIDING):
            # Who wants a place gone from the file has said nothing of the faces in the picture.
            own |= {"metadata_only": True} if own.get("to") is None else {"redact": ()}
        choices = policy.redaction
        allowed = frozenset(k for k in Kind if (rule := policy.rule(k)) is not None and rule.decision == "allow")
        said = {
            "redact": choices.kinds,
            "style": choices.style,
            "keep": choices.keep,
            "remove": choices.remove,
            "coarsen_gps": choices.coarsen_gps,
            "possible_from": choices.possible_from,
        } | {name: value for name, value in own.items() if value is not None}
        chosen = _reconciled({name: value for name, value in said.items() if value is not None}, own)
        return CleanPlan(allowed=allowed, sure=policy.minimum_confidence, **chosen)

    def keeps_pages(self, format_: Format) -> bool:
        """Whether a copy of a photo in that format has all its pages or frames. Raises nothing of its own."""
        return "pages" not in format_.row.keeps or "pages" in self.keep

    def carried_by(self, format_: Format) -> CleanPlan:
        """As much of the plan as a copy in this format can keep. Raises nothing of its own."""
        keeps = format_.row.keeps
        coarsen = self.coarsen_gps if "position" in keeps else None
        said = self.topics if format_.row.states else ()
        kept = tuple(part for part in self.keep if part in keeps or part in said)
        return replace(self, keep=kept, coarsen_gps=coarsen, remove=self.remove if said else ())

    def hides(self, finding: Finding) -> bool:
        """Whether this finding's region is to be hidden. Raises nothing of its own."""
        return self.why(finding) in ("asked", "harm")

    def why(self, finding: Finding) -> str:
        """Why a finding in the picture is hidden ('asked', 'harm') or stays. Raises nothing of its own."""
        kind = finding.kind
        if HIDDEN in finding.attributes:
            return "unseen"
        if self.metadata_only or not isinstance(finding.location, Region):
            return "metadata_only"
        if EXEMPT in finding.attributes:
            return f"exempt.{finding.attributes[EXEMPT]}"
        if self.keeps_face(finding):
            return "consents"
        if self.redact is not None:
            why = "asked" if named(kind, self.redact) else "not_asked"
        elif kind in self.allowed:
            why = "allowed"
        else:
            why = "harm" if finding.severity >= Severity.MEDIUM else "little_harm"
        doubted = why in ("asked", "harm") and finding.confidence < self.possible_from
        return "possible" if doubted else why

    @property
    def with_traces(self) -> CleanPlan:
        """The plan that hides the same, however unsure it is."""
        return replace(self, possible_from=0.0)

    def keeps(self, kind: Kind) -> bool:
        """Whether a copy may say something of that kind. Raises nothing of its own."""
        if kind.value in self.keep:
            return True
        if kind in (Kind.METADATA_GPS, Kind.METADATA_PLACE):
            return self.coarsen_gps is not None
        parts: dict[Kind, tuple[str, ...]] = {
            Kind.METADATA_DATETIME: ("date",),
            Kind.METADATA_PERSON: ("copyright",),
            Kind.METADATA_COMMENT: ("copyright",),
            Kind.METADATA_SHADOW_IMAGE: ("pages", "gain-map"),
        }
        return any(part in self.keep for part in parts.get(kind, ()))

    def may_hide(self, kind: Kind) -> bool:
        """Whether findings of a kind are hidden as a rule. Raises nothing of its own."""
        if self.metadata_only:
            return False
        if self.redact is not None:
            return named(kind, self.redact)
        return kind not in self.allowed and kind.severity >= Severity.MEDIUM

    def keeps_face(self, finding: Finding) -> bool:
        """Whether this is the face of somebody who was named to stay, and consents. Raises nothing of its own."""
        if not finding.kind.within(Kind.FACE):
            return False
        name, consents = finding.attributes.get("value_name"), finding.attributes.get("consents")
        return consents is True and name in self.keep_faces

    def patches(self, findings: Iterable[Finding]) -> tuple[Patch, ...]:
        """What to paint over for findings, in pixels of the upright page, with the margin that each kind needs.

        Raises nothing of its own.
        """
        return tuple(
            Patch(f.location.box.grown(*f.kind.margin), f.location.page or 0)
            for f in findings
            if self.hides(f) and isinstance(f.location, Region)
        )


_GPS = Kind.METADATA_GPS.value
_SAYS = {"copyright": Kind.METADATA_PERSON.value, "date": Kind.METADATA_DATETIME.value}
"""What parts of KEEPABLE say."""
_HIDING = ("redact", "boxes", "keep_faces", "style", "possible_from")
"""Choices of how to hide something in the picture."""


def _topics(words: Iterable[str], name: str, groups_only: bool = False) -> tuple[str, ...]:
    """Words with topics in the place of groups; UsageError for one that names nothing."""
    parts = () if groups_only else KEEPABLE
    found: dict[str, None] = {}
    for word in words:
        if word not in parts and not groups.named(word):
            raise UsageError(f"problem.clean.{name}", word=word, known=", ".join((*parts, *groups.words())))
        found |= dict.fromkeys((word,) if word in parts else groups.named(word))
    return tuple(found)


def _reconciled(said: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """What a policy and a caller say, without what of the policy contradicts the caller."""
    if own.get("remove") and own.get("keep") is None:
        gone = {topic for word in own["remove"] for topic in groups.named(word)}
        kept = {word: {*groups.named(word), _SAYS.get(word)} for word in said.get("keep", KEPT)}
        said["keep"] = tuple(word for word, topics in kept.items() if not topics & gone)
    elif own.get("keep") is not None and own.get("remove") is None and said.get("remove"):
        stay = {topic for word in own["keep"] for topic in (*groups.named(word), _SAYS.get(word))}
        said["remove"] = tuple(t for word in said["remove"] for t in groups.named(word) if t not in stay)
    if own.get("coarsen_gps") is None and said.get("coarsen_gps"):
        named = {t for name in ("keep", "remove") for word in own.get(name) or () for t in groups.named(word)}
        said = {name: value for name, value in said.items() if name != "coarsen_gps" or _GPS not in named}
    return said


def _kind(word: str) -> Kind:
    """A kind by its whole name."""
    check_prefix(word)
    try:
        return Kind(word)
    except ValueError:
        raise UsageError("problem.given.kind", name="allowed", word=word) from None


def _boxes(rows: object) -> tuple[Box, ...]:
    """Boxes from boxes, or from rows of four whole numbers."""
    if isinstance(rows, (str, bytes)) or not isinstance(rows, Iterable):
        raise UsageError("problem.given.boxes")
    found = []
    for row in rows:
        parts = row.as_list() if isinstance(row, Box) else row
        if not isinstance(parts, (tuple, list)) or len(parts) != 4 or not all(type(part) is int for part in parts):
            raise UsageError("problem.given.boxes")
        box = Box(*parts)
        if box.w <= 0 or box.h <= 0:
            raise UsageError("problem.clean.box_size")
        found.append(box)
    return tuple(found)


def _target(word: object) -> Format:
    """A format that copies can have, by its name as well."""
    found = next((format_ for format_ in Format if format_.value in TARGETS and word == format_), None)
    if found is None:
        raise UsageError("problem.clean.to", word=str(word), known=", ".join(TARGETS))
    return found


def kept(named: Iterable[str]) -> tuple[str, ...]:
    """What stays when a caller names these parts: they come beside KEPT; 'nothing' among them drops that."""
    words = tuple(named)
    always = () if "nothing" in words else KEPT
    return tuple(dict.fromkeys((*always, *(word for word in words if word != "nothing"))))


def parse_box(text: str) -> Box:
    """A box from 'x,y,w,h'; UsageError for anything else."""
    try:
        parts: Sequence[int] = [int(part) for part in text.split(",")]
        x, y, w, h = parts
    except ValueError:
        raise UsageError("problem.clean.box", word=text) from None
    if w <= 0 or h <= 0:
        raise UsageError("problem.clean.box_size")
    return Box(x, y, w, h)

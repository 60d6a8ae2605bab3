"""From the options of `photoscan clean` to its plan: what was asked for, else what the policy says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photoscan import people
from photoscan.cleaning.plan import CleanPlan, kept, parse_box
from photoscan.cli.people import default_file
from photoscan.errors import UsageError
from photoscan.kind import Kind

if TYPE_CHECKING:
    from photoscan.risk.policy import Policy


def wanted(policy: Policy, choices: dict[str, Any], people: Path | None) -> CleanPlan:
    """What the options and the policy ask for."""
    drop_date = choices.pop("drop_date")
    plan = CleanPlan.by_policy(policy, **_own(choices, people))
    if not drop_date:
        return plan
    kept = tuple(part for part in plan.keep if part not in ("date", Kind.METADATA_DATETIME.value))
    remove = (*plan.remove, Kind.METADATA_DATETIME.value) if plan.remove else ()
    return replace(plan, keep=kept, remove=remove)


def _own(choices: dict[str, Any], people: Path | None) -> dict[str, Any]:
    """What the caller chose for himself, None for what he left to the policy."""
    keep, boxes, possible = choices.pop("keep"), choices.pop("boxes"), choices.pop("redact_possible")
    return {
        **choices,
        "redact": choices["redact"] or None,
        "remove": choices["remove"] or None,
        "possible_from": 0.0 if possible else None,
        "keep": kept(keep) if keep else None,
        "boxes": tuple(parse_box(box) for box in boxes),
        "keep_faces": _known_and_willing(choices["keep_faces"], people),
        "to": choices["to"],
    }


def people_file(keep_faces: tuple[str, ...], people: Path | None) -> Path | None:
    """The file of people that was named; the user's own where somebody in it is to be shown."""
    if people is None and keep_faces:
        return default_file()
    return people


def _known_and_willing(names: tuple[str, ...], file: Path | None) -> tuple[str, ...]:
    """The names as they stand in the file of people; UsageError for one who is not in it or does not consent."""
    if not names or file is None:
        return ()
    known = people.read(file)
    found = [known.find(name) for name in names]
    for name, person in zip(names, found, strict=True):
        if person is None:
            raise UsageError("problem.clean.nobody", name=name, path=file)
        if not person.consents:
            raise UsageError("problem.clean.unwilling", name=name)
    return tuple(person.name for person in found if person is not None)

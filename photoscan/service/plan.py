"""From a request's parameters and its policy to what the clean copy loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from photoscan.brushes import Style
from photoscan.cleaning.plan import TARGETS, CleanPlan, kept, parse_box
from photoscan.container import Coarseness
from photoscan.risk.policy import Policy


def _known(word: str) -> str:
    if word not in TARGETS:
        raise ValueError(f"one of {', '.join(TARGETS)}")
    return word


Target = Annotated[str, AfterValidator(_known), WithJsonSchema({"enum": list(TARGETS), "type": "string"})]
"""A format that a copy can be converted to."""


def plan(
    policy: Policy,
    *,
    metadata_only: bool = False,
    redact: str | None = None,
    redact_possible: bool = False,
    style: Style | None = None,
    keep: str | None = None,
    remove: str | None = None,
    coarsen_gps: Coarseness | None = None,
    boxes: Sequence[str] = (),
    to: Target | None = None,
) -> CleanPlan:
    """What the caller says wins over the policy's `[redaction]`, and that over the plan's own defaults.

    `redact`, `keep` and `remove` are separated by commas; `keep` comes beside what always stays, 'nothing' drops that
    too. Raises UsageError for what does not exist, or can't be asked for together.
    """
    return CleanPlan.by_policy(
        policy,
        metadata_only=metadata_only,
        redact=None if redact is None else _words(redact),
        possible_from=0.0 if redact_possible else None,
        style=style,
        keep=None if keep is None else kept(_words(keep)),
        remove=None if remove is None else _words(remove),
        coarsen_gps=coarsen_gps,
        boxes=tuple(parse_box(box) for box in boxes),
        to=to,
        # Copies go back without a name.
        rename=True,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())

"""From a request's parameters and its policy to what the clean copy loses."""

from __future__ import annotations

from collections.abc import Sequence

from photoscan.cleaning.plan import CleanPlan, Coarseness, Target, kept, parse_box
from photoscan.redaction.base import Style
from photoscan.risk.policy import Policy


def plan(
    policy: Policy,
    *,
    metadata_only: bool = False,
    redact: str | None = None,
    style: Style | None = None,
    keep: str | None = None,
    coarsen_gps: Coarseness | None = None,
    boxes: Sequence[str] = (),
    to: Target | None = None,
) -> CleanPlan:
    """What the caller says wins over the policy's `[redaction]`, and that over the plan's own defaults.

    `redact` and `keep` are separated by commas; `keep` comes beside what always stays, 'nothing' drops that too.
    Raises UsageError for what does not exist, or can't be asked for together.
    """
    return CleanPlan.by_policy(
        policy,
        metadata_only=metadata_only,
        redact=None if redact is None else _words(redact),
        style=style,
        keep=None if keep is None else kept(_words(keep)),
        coarsen_gps=coarsen_gps,
        boxes=tuple(parse_box(box) for box in boxes),
        to=to,
        # Copies go back without a name.
        rename=True,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())

"""From a request's parameters and its policy to what the clean copy loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from photoscan.cleaning.plan import KEPT, CleanPlan, Coarseness, Style, parse_box
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
) -> CleanPlan:
    """What the caller says wins over the policy's `[redaction]`, and that over the plan's own defaults.

    `redact` and `keep` are separated by commas; `keep` comes beside what always stays, 'nothing' drops that too.
    Raises UsageError for what does not exist.
    """
    ours = policy.redaction
    made = CleanPlan(
        metadata_only=metadata_only,
        redact=_words(redact) if redact is not None else ours.kinds or (),
        coarsen_gps=coarsen_gps or ours.coarsen_gps,
        boxes=tuple(parse_box(box) for box in boxes),
    )
    if chosen := style or ours.style:
        made = replace(made, style=chosen)
    if keep is not None:
        words = _words(keep)
        always = () if "nothing" in words else KEPT
        return replace(made, keep=tuple(dict.fromkeys((*always, *(w for w in words if w != "nothing")))))
    return made if ours.keep is None else replace(made, keep=ours.keep)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())

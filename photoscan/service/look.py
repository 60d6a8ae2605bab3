"""How a photo is looked at: how thoroughly, for which kinds, and in which order of effort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from photoscan.kind import check_prefix, only_in_file
from photoscan.options import Profile, ScanOptions

FILE = ("metadata",)
"""The kinds that a file's own words have: a look at them costs a hundredth of one at the picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """`profile`: how thoroughly, None as the service does. `only`: kinds as dotted prefixes, empty for all.

    `tiers`: in steps, as far as the decision needs: what the file says, then a fast look, then that of the profile.
    """

    profile: Profile | None = None
    only: tuple[str, ...] = ()
    tiers: bool = False

    @property
    def of_file(self) -> bool:
        """Whether nobody looks at the picture."""
        return only_in_file(self.only)

    def steps(self, usual: ScanOptions) -> Iterator[tuple[str, ScanOptions]]:
        """The name of each step and its options, the cheapest first; `usual`: the service's own."""
        whole = replace(usual, profile=self.profile or usual.profile, only=self.only)
        if self.tiers and not self.only:
            yield FILE[0], replace(whole, only=FILE)
            if whole.profile != "fast":
                yield "fast", replace(whole, profile="fast")
        yield whole.profile, whole


WHOLE = Look()
"""At all kinds, as thoroughly as the service does."""


def is_final(step: str, decision: str) -> bool:
    """Whether a decision stands without a closer look: what is forbidden already, and what a fast look would stop.

    What the file says alone can forbid, never allow. What was not wholly inspected is looked at more closely.
    """
    return decision == "block" or (step != FILE[0] and decision == "review")


def kinds(words: str | None) -> tuple[str, ...]:
    """Dotted prefixes from a parameter, separated by commas; UsageError for one that names no kind."""
    return tuple(check_prefix(word.strip()) for word in (words or "").split(",") if word.strip())

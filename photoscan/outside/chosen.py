"""Which detectors from outside a program uses, as it travels to other processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from photoscan.outside.installed import Outsider


@dataclass(frozen=True, slots=True)
class Chosen:
    """Those of entry points with these names; None for all that are installed.

    In another process they are loaded as it arrives: what comes after it may name their kinds.
    """

    names: tuple[str, ...] | None = ()

    def detectors(self) -> tuple[Outsider, ...]:
        """The detectors, each within its guard; UsageError for a name that no installed package brings."""
        if self.names == ():
            return ()
        from photoscan.outside.installed import installed  # a look at metadata alone does not need it

        return installed(self.names)

    def usable(self) -> None:
        """Raise UsageError where one of them can't be loaded: who names them is told at once."""
        if self.names == ():
            return
        from photoscan.outside.installed import check

        check(self.detectors())

    def __reduce__(self) -> tuple[Any, ...]:
        """As it arrives elsewhere."""
        return _arrived, (self.names,)


NONE = Chosen()
"""No detectors from outside."""


def _arrived(names: tuple[str, ...] | None) -> Chosen:
    chosen = Chosen(names)
    chosen.detectors()
    return chosen

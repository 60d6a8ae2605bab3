"""The receipt: what was removed, what was hidden, and how that was proved. Values stay masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from photoscan.cleaning.strip.base import Removed
from photoscan.finding import Finding


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one photo. `hidden` are the findings that were painted over, `kept` what stays and why."""

    source: str
    source_sha256: str
    output_sha256: str
    removed: tuple[Removed, ...]
    hidden: tuple[Finding, ...]
    kept: tuple[str, ...]
    notes: tuple[str, ...]
    proofs: tuple[str, ...]
    tool_version: str

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "tool": {"name": "photoscan", "version": self.tool_version},
            "source": {"path": self.source, "sha256": self.source_sha256},
            "output": {"sha256": self.output_sha256},
            "removed": [{"part": r.part, "offset": r.offset, "length": r.length} for r in self.removed],
            "hidden": [f.to_dict() for f in self.hidden],
            "kept": list(self.kept),
            "notes": list(self.notes),
            "proofs": list(self.proofs),
        }

    def summary(self) -> str:
        """One line for people."""
        parts = [f"{count} x {name}" if count > 1 else name for name, count in _counted(self.removed, self.hidden)]
        return f"{self.source}: removed {', '.join(parts) or 'nothing'}; {'; '.join(self.proofs)}"


def _counted(removed: Sequence[Removed], hidden: Sequence[Finding]) -> list[tuple[str, int]]:
    return Counter([r.part for r in removed] + [f.kind.value for f in hidden]).most_common()

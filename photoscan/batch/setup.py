"""What a worker has to know to answer as the driver would, as text: it may run on another computer.

The text is JSON and holds all choices: the options, the policy's rows, the people's file and the key of known values,
since a worker may have none of these files. It is as private as they are: it goes to workers alone, and what it holds
of persons shows in no message.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import photoscan
from photoscan import fingerprint, models, people
from photoscan.engines import AUTO
from photoscan.errors import Phrase, Phrases, UsageError, phrase
from photoscan.kind import only_in_file
from photoscan.options import Limits, ScanOptions
from photoscan.outside.chosen import NONE, Chosen
from photoscan.risk import known
from photoscan.risk.policy import Policy, given_rows
from photoscan.scanner import Scanner

_OF_PICTURES = ("engine", "models")
"""What answers do not depend on where only files are looked at."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Made by the driver with `of`, given to workers as `text`, made again there with `read`.

    `told`: what the driver's answers depend on (`fingerprint.told`). `people`: the text of the file of who asked to be
    known, `key`: the key of known values in hexadecimal; both None where nobody asks for them.
    """

    options: ScanOptions = field(repr=False)
    policy: Policy = field(repr=False)
    outside: Chosen = NONE
    told: Mapping[str, Any] = field(default_factory=dict, repr=False)
    people: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, options: ScanOptions, policy: Policy, outside: Chosen = NONE) -> Setup:
        """All that such a scan depends on, read now.

        The engine is chosen here, so that all workers have the same one. Raises NotReadableError where the people's
        file can't be read, UsageError where the key is missing.
        """
        told = fingerprint.told(options, policy, outside.detectors())
        file = options.people
        if options.engine == AUTO and not only_in_file(options.only):
            options = replace(options, engine=models.chosen(AUTO).engine.name)
        return cls(
            options,
            policy,
            outside,
            told,
            None if file is None else people.content(file).decode("utf-8", "surrogateescape"),
            known.key().hex() if policy.allow else None,
        )

    @property
    def text(self) -> str:
        """As JSON in ASCII."""
        rows = asdict(replace(self.options, people=None))
        del rows["people"]
        return json.dumps(
            {
                "version": photoscan.__version__,
                "outside": self.outside.names,
                "options": rows,
                "policy": given_rows(self.policy),
                "people": self.people,
                "key": self.key,
                "told": self.told,
            }
        )

    @classmethod
    def read(cls, text: str) -> Setup:
        """What `text` says, in this process. People and key are held in memory and written nowhere.

        Raises UsageError where the driver's version is another one, or a detector from outside is not installed here.
        """
        rows = json.loads(text)
        if rows["version"] != photoscan.__version__:
            # What it says may not mean the same here.
            raise _stranger([_differs("version", photoscan.__version__, rows["version"])])
        names = rows["outside"]
        outside = Chosen(None if names is None else tuple(names))
        outside.detectors()  # options and policy may name their kinds
        choices: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in rows["options"].items()
        }
        choices["limits"] = Limits(**choices["limits"])
        if rows["people"] is not None:
            choices["people"] = people.carry(rows["people"].encode("utf-8", "surrogateescape"))
        if rows["key"] is not None:
            known.carry(bytes.fromhex(rows["key"]))
        policy = Policy.parse(rows["policy"])
        return cls(ScanOptions(**choices), policy, outside, rows["told"], rows["people"], rows["key"])

    def scanner(self) -> Scanner:
        """The scanner of this process. Raises as `Scanner` does, and ModelError where a model is missing or damaged:
        better told at once than in a report for each of thousands."""
        scanner = Scanner(self.options, self.policy, self.outside.detectors())
        if not only_in_file(self.options.only):
            for model in models.in_use():
                models.path(model.name)
        return scanner

    def check(self) -> None:
        """Raise UsageError, with what differs, where this process would answer otherwise than the driver."""
        ours = fingerprint.told(self.options, self.policy, self.outside.detectors())
        passed = _OF_PICTURES if only_in_file(self.options.only) else ()
        rows = [_differs(name, ours[name], self.told.get(name)) for name in ours if name not in passed]
        if differing := [row for row in rows if row is not None]:
            raise _stranger(differing)


def _differs(name: str, ours: Any, theirs: Any) -> Phrase | None:
    """How one part differs, as far as it can be told; None where it doesn't."""
    if ours == theirs:
        return None
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = sorted(one for one in ours.keys() | theirs.keys() if ours.get(one) != theirs.get(one))
        return phrase(f"differs.{name}", names=", ".join(names))
    return phrase(f"differs.{name}", ours=ours, theirs=theirs)


def _stranger(differing: Iterable[Phrase | None]) -> UsageError:
    rows = tuple(row for row in differing if row is not None)
    return UsageError("problem.batch.stranger", what=Phrases(rows, "; "))

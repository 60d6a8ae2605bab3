"""The command line. Commands load on use, so that `photoscan --help` stays light."""

from __future__ import annotations

import sys

from photoscan.cli import moving
from photoscan.cli.language import say
from photoscan.cli.stopping import STOPPED

__all__ = ["main"]

_WATCHED = ("scan", "clean")
"""Commands that people wait for; `batch` and servers tell how they fare in their own ways."""


def main() -> None:
    """Run the command line. Where somebody watches, the first word is there before anything heavy loads."""
    try:
        if _is_waited_for(sys.argv[1:]):
            first = say("stage.ready")
            moving.begin(lambda width: first)
        from photoscan.cli.root import main as run

        run()
    except KeyboardInterrupt:
        moving.end()
        sys.stderr.write(f"{say('cli.stopped')}\n")
        sys.exit(STOPPED)
    finally:
        moving.end()


def _is_waited_for(arguments: list[str]) -> bool:
    """Whether these make photos be looked at. Told roughly, since who parses them is not there yet: a wrong no costs
    some tenths of a second without a line, a wrong yes is taken back before anything else is written.
    """
    if not arguments or arguments[0] not in _WATCHED:
        return False
    short = [word[1:] for word in arguments if word[:1] == "-" and word[:2] != "--"]
    asked = {"--help", "--quiet"} & set(arguments) or any(set("hq") & set(word) for word in short)
    return len(arguments) > 1 and not asked

"""Style sheets in an SVG (CSS Syntax 3): rules for its own elements, conditions, movements; nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from photoscan.patterns import pattern
from photoscan.stripping.svg_values import (
    COMMENT,
    MOST_TIME,
    Names,
    condition,
    declaration,
    declarations,
    selector,
    style,
)

MAX_LEVELS = 4
_FRAMES = pattern(r"@(?:-\w+-)?keyframes\s+([\w-]+)")
_STOP = pattern(r"\s*(?:from|to|\d+\.?\d*%)(?:\s*,\s*(?:from|to|\d+\.?\d*%))*\s*")


def movements(text: str) -> frozenset[str]:
    """What a sheet calls its movements (CSS Animations 1, 3)."""
    return frozenset(_FRAMES.findall(text))


def sheet(text: str, names: Names, custom: frozenset[str], lost: set[str], level: int = 0) -> str:
    """The sheet as it is written. `custom`: names of movements. `lost`: gets what has no place in a copy."""
    out = []
    for prelude, block in _rules(COMMENT.sub(" ", text) if not level else text):
        written = _at_rule(prelude, block, names, custom, lost, level)
        if written is None:
            written = _rule(prelude, block or "", names, custom, lost)
        if written:
            out.append(written)
    return "".join(out)


def _at_rule(prelude: str, block: str | None, names: Names, custom: frozenset[str], lost: set[str],
             level: int) -> str | None:  # fmt: skip
    """A rule that begins with '@', or a statement without a block; None for any other rule."""
    if not prelude.startswith("@"):
        return None if block is not None else ""
    word, _, rest = prelude[1:].partition(" ")
    if block is None:
        if word == "import":
            lost.add("elsewhere")
        return ""
    if word == "media" and level < MAX_LEVELS and condition(rest) is not None:
        return f"@media {rest.strip()}{{{sheet(block, names, custom, lost, level + 1)}}}"
    if word.endswith("keyframes") and rest.strip() in custom:
        rows = [
            f"{stop.strip()}{{{style(inner, names, custom)}}}"
            for stop, inner in _rules(block)
            if inner is not None and len(stop) <= MOST_TIME and _STOP.fullmatch(stop)
        ]
        return f"@{word} {names.of('frames', rest.strip())}{{{''.join(rows)}}}"
    lost.add("fonts" if word == "font-face" else "rules")
    return ""


def _rule(prelude: str, block: str, names: Names, custom: frozenset[str], lost: set[str]) -> str:
    wanted = []
    for part in prelude.split(","):
        written = selector(part, names)
        if written is None:
            lost.add("rules")
        else:
            wanted.append(written)
    rows = []
    for name, value in declarations(block):
        row = declaration(name, value, names, custom)
        if row is None and "url(" in value:
            lost.add("elsewhere")
        elif row is not None:
            rows.append(row)
    return f"{','.join(wanted)}{{{';'.join(rows)}}}" if wanted and rows else ""


def _rules(text: str) -> Iterator[tuple[str, str | None]]:
    """Each rule's prelude and block, or a statement that ends without one."""
    at, start, size = 0, 0, len(text)
    while at < size:
        sign = text[at]
        if sign in "\"'":
            end = text.find(sign, at + 1)
            at = size if end < 0 else end + 1
        elif sign == ";":
            yield " ".join(text[start:at].split()), None
            at = start = at + 1
        elif sign == "{":
            stop = _closing(text, at)
            yield " ".join(text[start:at].split()), text[at + 1 : stop]
            at = start = stop + 1
        elif sign == "}":
            at = start = at + 1
        else:
            at += 1


def _closing(text: str, at: int) -> int:
    """Where the block that begins here is closed; the end where it is not."""
    depth, quote = 0, ""
    for place in range(at, len(text)):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if not depth:
                return place
    return len(text)

"""Values of an SVG's attributes and style sheets, token by token (CSS Syntax 3): what is no known word, number, colour
or reference to the same file is not written, since anything can be said in what a renderer ignores."""

from __future__ import annotations

import re
from collections.abc import Iterator

from photoscan.patterns import pattern
from photoscan.stripping.svg_words import ATTRIBUTES, CONDITIONS, ELEMENTS, FUNCTIONS, PROPERTIES, UNITS, WORDS

LONGEST = 8 * 1024 * 1024
"""Characters of one value that are looked at: long paths have some hundred thousand."""
COMMENT = pattern(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_PATH = pattern(r"[MmZzLlHhVvCcSsQqTtAaEe0-9\s,.+\-]*")
_TOKEN = pattern(
    r"""(?P<space>\s+)
    |url\(\s*(?P<quote>["']?)\#(?P<local>[^"')\s]{1,300})(?P=quote)\s*\)
    |(?P<url>url\([^)]*\))
    |(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?P<unit>%|[A-Za-z]{0,8})
    |\#(?P<hex>[0-9A-Fa-f]{3,8})(?![\w-])
    |(?P<variable>--[\w-]{1,200})
    |(?P<name>-?[A-Za-z_][\w-]{0,199})(?P<call>\()?
    |(?P<string>"[^"\\]{0,200}"|'[^'\\]{0,200}')
    |(?P<sign>[,/();:+*!-])""",
    re.VERBOSE,
)
_FAMILY = pattern(r"""[\w\s,'".&+\-]{1,300}""")
_LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?"
"""A language with its script and region (BCP 47, 2.1)."""
_LANGUAGES = pattern(rf"\s*{_LANGUAGE}(?:\s*,\s*{_LANGUAGE}){{0,50}}\s*")
_CLOCK = r"[+-]?\s*(?:\d+:)?(?:\d+:)?\d*\.?\d+(?:h|min|s|ms)?"
_TIME = pattern(
    rf"\s*(?:(?P<plain>{_CLOCK}|indefinite|(?:click|mouseover|mouseout|mousedown|mouseup|focusin|focusout)"
    rf"(?:\s*[+-]\s*{_CLOCK})?)|(?P<id>[\w-]{{1,200}})\.(?P<what>begin|end|click|mouseover|mouseout)"
    rf"(?P<later>\s*[+-]\s*{_CLOCK})?)\s*"
)
MOST_TIME = 300
"""Characters of a time, or of a step of a movement, that are looked at."""
_FEATURES = "http://www.w3.org/TR/SVG11/feature#"
_SOURCES = frozenset(("SourceGraphic", "SourceAlpha", "BackgroundImage", "BackgroundAlpha", "FillPaint", "StrokePaint"))
_SELECTOR = pattern(
    r"(?P<type>[A-Za-z][\w-]{0,60})|(?P<mark>[.#])(?P<name>-?[A-Za-z_][\w-]{0,300})|(?P<all>\*)|(?P<joint>\s*[>+~,]\s*|\s+)"
    r"|(?P<pseudo>::?(?:root|first-child|last-child|only-child|first-of-type|last-of-type|hover|focus|active|link|empty|"
    r"(?:nth-child|nth-of-type|nth-last-child)\([\dn+\s-]{1,20}\)|not\((?:[.#][A-Za-z_][\w-]{0,300}|[a-zA-Z]+)\)))"
)


class Names:
    """What a file calls its parts, renamed in the order of their first use: 'a1' and so on.

    `needed`: ids that something refers to. A name that nobody needs is not given.
    """

    def __init__(self) -> None:
        self.needed: set[str] = set()
        self._given: dict[tuple[str, str], str] = {}

    def of(self, sort: str, name: str) -> str:
        """The new name of a thing of a sort: 'id', 'class', 'result', 'frames' or 'variable'."""
        key = (sort, name)
        if key not in self._given:
            self._given[key] = f"{sort[0]}{len(self._given) + 1}"
        return self._given[key]

    def refer(self, name: str) -> str:
        """The new id of what is referred to."""
        self.needed.add(name)
        return self.of("id", name)

    def knows(self, sort: str, name: str) -> bool:
        """Whether it has been given a name."""
        return (sort, name) in self._given


def attribute(name: str, value: str, names: Names) -> str | None:
    """An attribute's value as it is written; None where it is not."""
    if len(value) > LONGEST:
        return None
    if name in ("d", "path", "points"):
        return value if _PATH.fullmatch(value) else None
    if name in ("begin", "end"):
        return _times(value, names)
    if name in ("in", "in2", "result"):
        source = value.strip()
        return source if source in _SOURCES or not source else names.of("result", source)
    if name == "attributeName":
        plain = value.strip().removeprefix("xlink:")
        # Never a reference nor a style as a whole: these are no such attributes.
        return plain if plain in ATTRIBUTES else None
    if name == "systemLanguage":
        return value if _LANGUAGES.fullmatch(value) else None
    if name == "requiredFeatures":
        return value if all(re.fullmatch(re.escape(_FEATURES) + "[A-Za-z-]{1,40}", w) for w in value.split()) else None
    if name in ("from", "to", "by", "values") and _PATH.fullmatch(value):
        return value
    if name in ("font-family", "font"):
        return family(value)
    if name == "media":
        return condition(value)
    return tokens(value, names)


def family(value: str) -> str | None:
    """Names of fonts, which decide how words look."""
    return value if _FAMILY.fullmatch(value) else None


def tokens(value: str, names: Names, custom: frozenset[str] = frozenset()) -> str | None:
    """A value of known words, numbers, colours and references; None with anything else. `custom`: further words."""
    out: list[str] = []
    at = 0
    while at < len(value):
        match = _TOKEN.match(value, at)
        if match is None:
            return None
        at = match.end()
        part = _token(match, names, custom)
        if part is None:
            return None
        out.append(part)
    return "".join(out)


def _token(match: re.Match[str], names: Names, custom: frozenset[str]) -> str | None:
    """A token as it is written; None for one that is not."""
    if match["local"]:
        return f"url(#{names.refer(match['local'])})"
    if match["number"]:
        unit = match["unit"].casefold()
        return match[0] if unit in UNITS or unit in ("", "%") else None
    if match["variable"]:
        return f"--{names.of('variable', match['variable'])}"
    if match["name"]:
        word = match["name"]
        if match["call"]:
            return match[0] if word.casefold() in FUNCTIONS else None
        if word in custom:
            return names.of("frames", word)
        return match[0] if word in WORDS or word.casefold() in WORDS else None
    if match["string"]:
        # Font features go by four letters.
        return match[0] if re.fullmatch(r"[\"'][A-Za-z0-9]{0,4}[\"']", match["string"]) else None
    return match[0] if match["space"] or match["hex"] or match["sign"] else None


def _times(value: str, names: Names) -> str | None:
    """When an animation begins or ends, also by that of another (SVG Animations 2, 2.7)."""
    out = []
    for part in value.split(";"):
        if not part.strip():
            continue
        match = _TIME.fullmatch(part) if len(part) <= MOST_TIME else None
        if match is None:
            return None
        named = match["id"]
        out.append(f"{names.refer(named)}.{match['what']}{match['later'] or ''}" if named else part.strip())
    return ";".join(out)


def condition(value: str) -> str | None:
    """A media query (Media Queries 4) of known words and numbers."""
    words = re.findall(r"[A-Za-z-][\w-]*", re.sub(r"\d+\.?\d*(?:px|em|rem|dpi|dppx|x)?", "", value))
    known = all(word.casefold() in CONDITIONS for word in words)
    return value if known and re.fullmatch(r"[\w\s:().,/<>=-]{0,300}", value) else None


def selector(value: str, names: Names) -> str | None:
    """A list of selectors (Selectors 4) of elements, classes and ids of this file; None for what it does not know."""
    out: list[str] = []
    at = 0
    value = value.strip()
    while at < len(value):
        match = _SELECTOR.match(value, at)
        if match is None:
            return None
        at = match.end()
        if match["type"]:
            if match["type"] not in ELEMENTS:
                return None
            out.append(match["type"])
        elif match["mark"]:
            out.append(_marked(match["mark"], match["name"], names))
        elif match["pseudo"]:
            if (named := re.search(r"not\(([A-Za-z]+)\)", match[0])) and named[1] not in ELEMENTS:
                return None
            within = re.search(r"not\(([.#])([\w-]+)\)", match[0])
            out.append(f":not({_marked(within[1], within[2], names)})" if within else match[0])
        else:
            out.append(match[0].strip() or " ")
    return "".join(out) or None


def _marked(mark: str, name: str, names: Names) -> str:
    return f"#{names.refer(name)}" if mark == "#" else f".{names.of('class', name)}"


def declarations(value: str) -> Iterator[tuple[str, str]]:
    """Names and values of a style's declarations; quotes and brackets keep what is between them."""
    at = start = depth = 0
    quote = ""
    value += ";"
    while at < len(value):
        sign = value[at]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(0, depth - 1)
        elif sign == ";" and not depth:
            name, colon, rest = value[start:at].partition(":")
            if colon:
                yield name.strip(), rest.strip()
            start = at + 1
        at += 1


def style(value: str, names: Names, custom: frozenset[str] = frozenset()) -> str:
    """The declarations of known properties with known values (CSS Style Attributes)."""
    out = []
    for name, given in declarations(COMMENT.sub(" ", value)):
        written = declaration(name, given, names, custom)
        if written is not None:
            out.append(written)
    return ";".join(out)


def declaration(name: str, value: str, names: Names, custom: frozenset[str] = frozenset()) -> str | None:
    """One declaration as it is written; None where it is not."""
    if len(value) > LONGEST:
        return None
    if name.startswith("--"):
        written = tokens(value, names, custom)
        return None if written is None else f"--{names.of('variable', name)}:{written}"
    plain = name.casefold()
    bare = plain.removeprefix("-webkit-").removeprefix("-moz-").removeprefix("-ms-").removeprefix("-o-")
    if bare not in PROPERTIES:
        return None
    written = family(value) if bare in ("font-family", "font") else tokens(value, names, custom)
    return None if written is None else f"{plain}:{written}"

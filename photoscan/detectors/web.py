"""Web addresses and account names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind, Severity
from photoscan.textline import TextLine

_URL = re.compile(
    r"(?i)(?<![\w@.])(?:https?\s?[:;]\s?//\s?|www\.)[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#][^\s,;<>\"]*)?"
    r"|(?<![\w@.-])[a-z0-9-]{2,63}(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|me|app|co|my|id|sg|br|pt|de|uk|fr|es|it|nl|in|ph|au)"
    r"(?:/[^\s,;<>\"]+)(?![\w@])"
)
_PRIVATE = re.compile(
    r"(?i)[?&#](?:token|key|auth|pwd|pass|code|sig|session|invite|email|user|uid|id)=|/(?:d|u|invite|join)/"
)
"""Parts of an address that open a private page to everybody who has it."""
_PROFILE = re.compile(
    r"(?i)(?:facebook|fb|instagram|tiktok|twitter|x|linkedin|t|telegram|wa|snapchat|github|threads|youtube)\.(?:com|me|net)/"
    r"(?:in/|@)?([\w.+-]{3,40})"
)
_HANDLE = re.compile(r"(?<![\w.@])@(?=[\w.]*[A-Za-z])[A-Za-z_][\w.]{2,29}(?!\s?\.\s?(?:com|net|org))(?![\w@])")
_CODE_LINE = re.compile(
    r"\s*@(?:[A-Za-z_][\w.]*\("
    r"|(?:Override|Deprecated|Test|BeforeEach|AfterEach|Autowired|Component|Service|Repository|Controller|Bean|Entity|"
    r"Inject|Nullable|NonNull|NotNull|property|staticmethod|classmethod|abstractmethod|dataclass|overload|param|return|"
    r"returns|throws|deprecated|media|import|charset|supports|keyframes|namespace|include|mixin|extend)(?![\w.]))"
)
"""A line of a program or a style sheet: '@name(', or a usual decorator, annotation, documentation tag or at-rule."""
_LABELLED = re.compile(
    r"(?i)\b(?:ig|insta|instagram|tiktok|telegram|twitter|snapchat|discord|wechat|line id|facebook|fb|threads|username|"
    r"user ?name|nama pengguna|usu[áa]rio|benutzername|login|user id)\s*[:=：]\s*@?([\w.#-]{3,30})"
    r"|微信号?\s*(?:[:=：]\s*|(?=[A-Za-z_-]*\d))([A-Za-z][A-Za-z\d_-]{5,19})(?![\w.])"
)
"""The last form: names at WeChat are written in ASCII, six to twenty characters, a letter first. Without a
colon a digit is asked for: '微信 WeChat Pay' is on many doors."""


class WebDetector(TextDetector):
    """Addresses of pages, worse where they open private ones, and handles of accounts."""

    name: ClassVar[str] = "web"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_URL, Kind.TEXT_HANDLE)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Every address and handle of each line."""
        for i, line in enumerate(lines):
            yield from _urls(i, line.text)
            seen: set[str] = set()
            code = bool(_CODE_LINE.match(line.text))
            for pattern, reason, confidence in (
                (_PROFILE, "a profile's address", 0.9),
                (_LABELLED, "an account behind a label", 0.85),
                (_HANDLE, "the form of a handle", 0.45 if code else 0.8),
            ):
                for found in pattern.finditer(line.text):
                    handle = found[found.lastindex or 0].lstrip("@").rstrip(".")
                    if handle.casefold() not in seen:
                        seen.add(handle.casefold())
                        yield TextMatch(Kind.TEXT_HANDLE, (i,), "@" + handle, confidence, reason)


def _urls(index: int, text: str) -> Iterator[TextMatch]:
    for found in _URL.finditer(text):
        value = re.sub(r"\s", "", found[0]).rstrip(".)")
        private = bool(_PRIVATE.search(value))
        reason = "a web address" + (" with a key or a name in it" if private else "")
        yield TextMatch(
            Kind.TEXT_URL, (index,), value, 0.9, reason, {"private": private}, Severity.MEDIUM if private else None
        )

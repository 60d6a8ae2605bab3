"""What a stranger would write, in the HTML report: masked, each phrase with the numbers of what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from photoscan.portrait import Phrase, write
from photoscan.render.base import Words
from photoscan.render.markup import html, joined
from photoscan.report import Report

MOST = 3
"""Numbers behind one phrase."""


def portrait(report: Report, words: Words, numbers: Mapping[str, int]) -> Markup:
    """The paragraph with its heading. `numbers`: that of each finding, by its id."""
    phrases = joined(_phrase(phrase, numbers) for phrase in write(report, words.language).phrases)
    return html(
        '<h3>{}</h3><div class="portrait"><p>{}</p><p class="quiet">{}</p></div>',
        words.text("html.portrait"),
        phrases,
        words.text("html.portrait_note"),
    )


def _phrase(phrase: Phrase, numbers: Mapping[str, int]) -> Markup:
    said = joined(html("<b>{}</b>", part.text) if part.finding else html("{}", part.text) for part in phrase.parts)
    marks = [numbers[name] for name in phrase.findings if name in numbers]
    row = joined(html(' <span class="num">{}</span>', mark) for mark in sorted(set(marks))[:MOST])
    return html("{}{}{}", phrase.before, said, row)

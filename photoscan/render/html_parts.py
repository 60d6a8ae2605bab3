"""Small parts of the HTML report: the bar of a score, signs and colours of families, levels, pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from photoscan.kind import Family, Kind, families
from photoscan.render.base import RenderOptions
from photoscan.render.markup import NOTHING, html, joined
from photoscan.render.mending import mending
from photoscan.report import Report
from photoscan.risk.score import STARTS


def sign(family: Family) -> Markup:
    """The family's sign, in its colour (`family_styles`); it says nothing that the words beside it do not."""
    return html('<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', family.icon)


def family_styles() -> str:
    """A style sheet made of the cards: each family's colour, and the switch that hides its boxes."""
    rows = []
    for family in families():
        name = family.name
        rows.append(f".fam-{name}{{--family:{family.colour}}}")
        rows.append(f".photo:has(.t-{name}:not(:checked)) .b-{name}{{display:none}}")
    return "\n".join(rows) + "\n"


def gauge(score: int, label: str) -> Markup:
    """A bar with the levels' bands and a mark at the score."""
    starts = [*STARTS.items(), ("", 100.0)]
    bands = joined(
        html(
            '<rect class="band level-{}" x="{:.0f}" y="3" width="{:.1f}" height="4" rx="1"/>',
            word,
            start,
            end - start - 0.6,
        )
        for (word, start), (_, end) in pairwise(starts)
    )
    needle = html('<path class="needle" d="M{} 2.6l-1.8 -2.6h3.6z M{} 7.4l-1.8 2.6h3.6z"/>', score, score)
    named = label
    return html('<svg class="gauge" viewBox="-2 0 104 10" role="img" aria-label="{}">{}{}</svg>', named, bands, needle)


def level_class(report: Report) -> str:
    """The style of a level; what nobody saw does not look like what is fine."""
    level, tone = report.decision.level, report.decision.tone
    return "incomplete" if level == "none" and tone not in ("fine", "known") else level


def data_url(jpeg: bytes) -> str:
    """A JPEG as part of the page."""
    return "data:image/jpeg;base64," + b64encode(jpeg).decode()


def capital(words: str) -> str:
    """Words that begin a line."""
    return words[:1].upper() + words[1:]


def css_name(kind: Kind) -> str:
    """A kind's name as a part of classes and ids."""
    return kind.value.replace(".", "-")


def mended(reports: Sequence[Report], options: RenderOptions) -> Markup:
    """What to do in a line, its command set apart so that it can be copied; nothing where nothing is asked for."""
    told = mending(reports, options.named, options.policy)
    if told is None:
        return NOTHING
    command = str(told.values["command"])
    before, _, after = told.text(options.language).partition(command)
    return html('<p class="mend">{}<code>{}</code>{}</p>', before, command, after)

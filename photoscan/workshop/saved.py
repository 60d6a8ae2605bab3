"""The report that a class takes home: the page that every shell writes, in which nothing covered is legible."""

from __future__ import annotations

from photoscan import preview
from photoscan.cleaning import CleanPlan
from photoscan.photo import Photo
from photoscan.render import RenderOptions, renderer
from photoscan.report import Report
from photoscan.risk import assess
from photoscan.risk.policy import Policy
from photoscan.workshop.covers import POSSIBLE_FROM, covers


def page(photo: Photo, report: Report, policy: Policy, language: str) -> bytes:
    """One page of HTML, masked. What a copy would hide is black in its picture: who gets the page can't uncover it."""
    hidden = covers(finding for finding in report.findings if CleanPlan(possible_from=POSSIBLE_FROM).hides(finding))
    boxes = [place.box for place in hidden if not place.page]

    def picture(_: Report, longest: int) -> bytes | None:
        return preview.jpeg(photo, longest, boxes)

    written = renderer("html")(RenderOptions(language=language, picture=picture))
    # Names of files that are no text (PEP 383) must not cost the whole page.
    return "".join(written.render([assess(report, policy, language)])).encode("utf-8", "backslashreplace")

"""How pages look as PDF: margins, letters, and what is drawn as shapes (ReportLab)."""

from __future__ import annotations

from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Path, Rect
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

INK, SOFT, FINE, ACCENT, WASH = (HexColor(value) for value in ("#1a212c", "#515a67", "#c9c4b8", "#0b5c6b", "#e6f0f1"))
PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
SIDE, TOP, BELOW = 20 * mm, 19 * mm, 16 * mm
"""Margins in points; head and foot stand within them."""
ACROSS = A4[1] - 90 * mm
"""Width of a certificate's text, in points."""


class Styles:
    """The styles of paragraphs. `scale`: 1 for grown-ups. `centred`: as on a certificate."""

    def __init__(self, scale: float = 1, centred: bool = False) -> None:
        size = 9.8 * scale
        base: dict[str, Any] = {"fontName": PLAIN, "textColor": INK, "allowWidows": 0, "allowOrphans": 0}
        if centred:
            base["alignment"] = TA_CENTER
        self.size = size
        self.apart = 34 if centred else 4
        """Points above labels with lines."""

        def style(name: str, points: float, leading: float, **more: Any) -> ParagraphStyle:
            return ParagraphStyle(name, **(base | {"fontSize": points, "leading": points * leading} | more))

        self.title = style(
            "title", 23, 1.14, fontName=BOLD, textColor=ACCENT, spaceAfter=9, keepWithNext=1, alignment=0
        )
        self.certificate = style("certificate", 46, 1.2, fontName=BOLD, textColor=ACCENT, spaceAfter=20)
        self.name = style("name", 34, 1.2, fontName=BOLD)
        self.heading = style(
            "heading",
            size * 1.27,
            1.25,
            fontName=BOLD,
            textColor=ACCENT,
            spaceBefore=10,
            spaceAfter=3.5,
            keepWithNext=1,
        )
        self.subheading = style(
            "subheading", size * 1.06, 1.3, fontName=BOLD, spaceBefore=7, spaceAfter=2, keepWithNext=1
        )
        self.plain = style("plain", size, 1.45, spaceBefore=2, spaceAfter=4)
        self.lead = style("lead", size * 1.16, 1.45, textColor=SOFT, spaceAfter=6)
        self.tip = style("tip", size, 1.45)
        self.item = style("item", size, 1.4)
        self.cell = style("cell", size * 0.96, 1.36)
        self.middle = style("middle", size * 0.96, 1.36, alignment=TA_CENTER)
        self.row = style("row", size * 0.96, 1.36, fontName=BOLD)
        self.head = style("head", size * 0.86, 1.3, fontName=BOLD, textColor=ACCENT)
        self.centred_head = style("centred", size * 0.86, 1.3, fontName=BOLD, textColor=ACCENT, alignment=TA_CENTER)
        self.label = style("label", size * 0.92, 1.3, textColor=SOFT, alignment=0)
        self.round = style("round", size * 1.2, 1.25, fontName=BOLD, textColor=ACCENT, spaceAfter=2)


def box(side: float) -> Any:
    """A box to tick; its side in points."""
    drawn = Drawing(side, side)
    drawn.add(Rect(0.5, 0.5, side - 1, side - 1, rx=1.8, ry=1.8, strokeColor=ACCENT, strokeWidth=1, fillColor=white))
    return drawn


def circle(across: float) -> Any:
    """A circle to mark; in points."""
    drawn = Drawing(across, across, hAlign="CENTER")
    drawn.add(Circle(across / 2, across / 2, across / 2 - 0.6, strokeColor=ACCENT, strokeWidth=1, fillColor=white))
    return drawn


def mark(canvas: Any, x: float, y: float, side: float) -> None:
    """The program's mark, an eye, with its lower left corner at a place; in points."""
    drawn, unit = Drawing(side, side), side / 32
    eye = Path(fillColor=white, strokeColor=None)
    eye.moveTo(5 * unit, 16 * unit)
    eye.curveTo(10.5 * unit, 24 * unit, 21.5 * unit, 24 * unit, 27 * unit, 16 * unit)
    eye.curveTo(21.5 * unit, 8 * unit, 10.5 * unit, 8 * unit, 5 * unit, 16 * unit)
    eye.closePath()
    drawn.add(Rect(0, 0, side, side, rx=8 * unit, ry=8 * unit, fillColor=ACCENT, strokeColor=None))
    drawn.add(eye)
    drawn.add(Circle(16 * unit, 16 * unit, 4.5 * unit, fillColor=ACCENT, strokeColor=None))
    drawn.drawOn(canvas, x, y)

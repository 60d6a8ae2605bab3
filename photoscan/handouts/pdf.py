"""A page to print as PDF: A4, with the letters that every reader of PDF has, the same bytes at each run (ReportLab)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from functools import singledispatchmethod
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import cm, mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Image, PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from photoscan.handouts import blocks
from photoscan.handouts.blocks import Block, runs
from photoscan.handouts.pdf_look import (
    ACCENT,
    ACROSS,
    BELOW,
    BOLD,
    FINE,
    PLAIN,
    SIDE,
    SOFT,
    TOP,
    WASH,
    Styles,
    box,
    circle,
    mark,
)
from photoscan.handouts.pictures import picture, size
from photoscan.handouts.sheets import Sheet, words

CODING = "cp1252"
"""The characters that the PDF's letters have."""
AUTHOR = "photoscan"
_SMALLEST = 6
"""Points below which no name is written."""
Flowables = list[Any]


def lacks(text: str) -> bool:
    """Whether a text has characters that the PDF's letters lack."""
    try:
        text.encode(CODING)
    except UnicodeEncodeError:
        return True
    return False


def page(sheet: Sheet, language: str) -> bytes:
    """A sheet as a PDF."""
    if sheet.certificate:
        return certificates(sheet, [sheet.blocks], language)
    drawer = Drawer(A4[0] - 2 * SIDE, Styles(sheet.scale))

    def story() -> Flowables:
        return [Paragraph(_marked(sheet.title), drawer.styles.title), *drawer.all(sheet.blocks)]

    return _written(story, sheet.title, language, A4, _head_and_foot)


def certificates(sheet: Sheet, each: Iterable[Sequence[Block]], language: str) -> bytes:
    """Certificates, each a page across. A name with characters that the letters lack becomes an empty line."""
    drawer, kept = Drawer(ACROSS, Styles(1.35, centred=True)), list(each)

    def story() -> Flowables:
        drawn: Flowables = []
        for certificate in kept:
            drawn += [Spacer(1, 30 * mm), Paragraph(_marked(sheet.title), drawer.styles.certificate)]
            drawn += drawer.all(certificate)
            drawn.append(PageBreak())
        return drawn[:-1]

    return _written(story, sheet.title, language, landscape(A4), _frame)


def _written(
    story: Callable[[], Flowables],
    title: str,
    language: str,
    paper: tuple[float, float],
    around: Callable[[Any, dict[str, str], int, float], None],
) -> bytes:
    """The document's bytes. It is laid out twice, since the foot of each page tells how many there are."""
    said, pages, written = words(language), 0, io.BytesIO()
    for _ in range(2):
        written = io.BytesIO()
        side = SIDE if paper == A4 else (paper[0] - ACROSS) / 2
        document = SimpleDocTemplate(
            written,
            pagesize=paper,
            leftMargin=side - 6,  # a frame has six points inside
            rightMargin=side - 6,
            topMargin=TOP,
            bottomMargin=BELOW,
            title=title,
            author=AUTHOR,
            subject=said["name"],
            creator=said["name"],
            lang=language,
            invariant=1,
        )

        def drawn(canvas: Any, _: Any, total: int = pages) -> None:
            canvas.setViewerPreference("DisplayDocTitle", "true")
            canvas.saveState()
            around(canvas, said, total, paper[0])
            canvas.restoreState()

        document.build(story(), onFirstPage=drawn, onLaterPages=drawn)
        pages = document.page
    return written.getvalue()


def _head_and_foot(canvas: Any, said: dict[str, str], pages: int, width: float) -> None:
    """The mark above, and below what this is and which page of how many."""
    mark(canvas, SIDE, A4[1] - 15 * mm, 6 * mm)
    canvas.setFont(BOLD, 9)
    canvas.setFillColor(ACCENT)
    canvas.drawString(SIDE + 8 * mm, A4[1] - 13.1 * mm, said["name"])
    canvas.setFont(PLAIN, 8)
    canvas.setFillColor(SOFT)
    canvas.drawString(SIDE, 9.5 * mm, said["footer"])
    if pages > 1:
        canvas.drawRightString(width - SIDE, 9.5 * mm, said["page"].format(page=canvas.getPageNumber(), pages=pages))


def _frame(canvas: Any, said: dict[str, str], pages: int, width: float) -> None:
    """Two lines around a certificate, and the mark at its top."""
    height = A4[0]
    canvas.setStrokeColor(ACCENT)
    for inset, stroke in ((11 * mm, 2.4), (13.2 * mm, 0.8)):
        canvas.setLineWidth(stroke)
        canvas.roundRect(inset, inset, width - 2 * inset, height - 2 * inset, 5)
    mark(canvas, width / 2 - 9 * mm, height - 45 * mm, 18 * mm)
    canvas.setFont(PLAIN, 8)
    canvas.setFillColor(SOFT)
    canvas.drawCentredString(width / 2, 17 * mm, said["name"])


def _marked(text: str) -> str:
    """A text in the mark-up of ReportLab's paragraphs."""
    return "".join(f"<b>{escape(piece)}</b>" if bold else escape(piece) for piece, bold in runs(text))


class Drawer:
    """Makes flowables of blocks. `width`: of the text, in points."""

    def __init__(self, width: float, styles: Styles) -> None:
        self.width, self.styles = width, styles

    def all(self, several: Sequence[Block]) -> Flowables:
        """Blocks in a row. What introduces something (below a heading, above lines) stays with what follows it."""
        story: Flowables = []
        for before, block, after in zip((None, *several), several, (*several[1:], None), strict=False):
            drawn = self.drawn(block)
            introduces = isinstance(before, blocks.Heading) and after is not None
            introduces |= isinstance(after, (blocks.Frame, blocks.Lines, blocks.Table))
            if isinstance(block, blocks.Paragraph) and introduces:
                drawn[0].keepWithNext = 1
            story += drawn
        return story

    @singledispatchmethod
    def drawn(self, block: Block) -> Flowables:
        """One block as what ReportLab lays out."""
        raise TypeError(type(block).__name__)

    @drawn.register
    def _(self, block: blocks.Heading) -> Flowables:
        return [Paragraph(_marked(block.text), self.styles.heading if block.level == 2 else self.styles.subheading)]

    @drawn.register
    def _(self, block: blocks.Paragraph) -> Flowables:
        drawn = Paragraph(_marked(block.text), getattr(self.styles, block.style))
        if block.style != "tip":
            return [drawn]
        look = [("BACKGROUND", (0, 0), (-1, -1), WASH), ("LINEBEFORE", (0, 0), (0, -1), 3, ACCENT)]
        padding = [(f"{side}PADDING", (0, 0), (-1, -1), 7) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
        return [Grid([[drawn]], colWidths=[self.width], style=look + padding, spaceBefore=6, spaceAfter=6)]

    @drawn.register
    def _(self, block: blocks.Items) -> Flowables:
        """Each row a grid of its own, so that a page may end between any two but the first and the second."""
        drawn: Flowables = []
        for number, row in enumerate(block.rows, 1):
            sign: Any = Paragraph("•", self.styles.item)
            if block.style == "check":
                sign = box(self.styles.size)
            elif block.style == "steps":
                sign = Paragraph(f"<b>{number}</b>", self.styles.item)
            indent = self.styles.size * (1.75 if block.style == "check" else 1.3)
            room = 2.6 if block.style == "check" else 1.5
            look = [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), room),
                ("BOTTOMPADDING", (0, 0), (-1, -1), room),
            ]
            if block.style == "check":
                look.append(("TOPPADDING", (0, 0), (0, -1), room + self.styles.size * 0.26))
            cells = [[sign, Paragraph(_marked(row), self.styles.item)]]
            drawn.append(Grid(cells, colWidths=[indent, self.width - indent], style=look))
        drawn[0].keepWithNext = len(drawn) > 1
        return [*drawn, Spacer(1, 3)]

    @drawn.register
    def _(self, block: blocks.Table) -> Flowables:
        styles = self.styles
        others = styles.centred_head if block.ticked else styles.head
        head = [Paragraph(_marked(word), others if index else styles.head) for index, word in enumerate(block.head)]
        rows: list[list[Any]] = [head] if block.headed else []
        top = len(rows)
        first = styles.cell if block.ticked else styles.row
        for row in block.rows:
            cells = [Paragraph(_marked(cell), styles.cell) if cell else self._free(block) for cell in row[1:]]
            rows.append([Paragraph(_marked(row[0]), first), *cells])
        look: list[Any] = [
            ("NOSPLIT", (0, 0), (-1, -1)),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE" if block.ticked else "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.8),
            ("LEFTPADDING", (0, 0), (-1, -1), 5),
            ("RIGHTPADDING", (0, 0), (-1, -1), 5),
            ("GRID" if block.writing else "LINEBELOW", (0, top), (-1, -1), 0.6, FINE),
        ]
        if block.headed:
            look += [("BACKGROUND", (0, 0), (-1, 0), WASH), ("LINEBELOW", (0, 0), (-1, 0), 1.1, ACCENT)]
        if block.ticked:
            look.append(("ALIGN", (1, 0), (-1, -1), "CENTER"))
        if block.writing:
            look.append(("VALIGN", (0, top), (-1, -1), "MIDDLE"))
        heights = [*[None] * top, *[34 if block.writing else None] * len(block.rows)]
        widths = [self.width * share / 100 for share in block.widths]
        return [Grid(rows, colWidths=widths, rowHeights=heights, style=look, spaceBefore=3, spaceAfter=6)]

    def _free(self, block: blocks.Table) -> Any:
        return circle(self.styles.size * 1.1) if block.ticked else ""

    @drawn.register
    def _(self, block: blocks.Lines) -> Flowables:
        look = [("LINEBELOW", (0, 0), (-1, -1), 0.8, SOFT)]
        return [
            Grid(
                [[""]] * block.count,
                colWidths=[self.width],
                rowHeights=[self.styles.size * 2.55] * block.count,
                style=look,
                spaceAfter=8,
            )
        ]

    @drawn.register
    def _(self, block: blocks.Fill) -> Flowables:
        """Labels before lines; a long one alone above its line."""
        alone = len(block.labels) == 1
        gap = 14
        each = (self.width - gap * (len(block.labels) - 1)) / len(block.labels)
        cells: list[Any] = []
        widths: list[float] = []
        look: list[Any] = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT")]
        look += [("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)]
        if alone:
            look.append(("LINEBELOW", (0, 1), (0, 1), 0.8, SOFT))
            rows = [[Paragraph(_marked(block.labels[0]), self.styles.label)], [""]]
            return [Grid(rows, colWidths=[self.width], rowHeights=[None, 26], style=look, spaceBefore=8, spaceAfter=8)]
        for label in block.labels:
            if cells:
                cells.append("")
                widths.append(gap)
            wide = stringWidth(label, PLAIN, self.styles.label.fontSize) + 8
            look.append(("LINEBELOW", (len(cells) + 1, 0), (len(cells) + 1, 0), 0.8, SOFT))
            cells += [Paragraph(_marked(label), self.styles.label), ""]
            widths += [wide, each - wide]
        return [
            Grid([cells], colWidths=widths, rowHeights=[26], style=look, spaceBefore=self.styles.apart, spaceAfter=9)
        ]

    @drawn.register
    def _(self, block: blocks.Frame) -> Flowables:
        look = [("BOX", (0, 0), (-1, -1), 1, ACCENT), ("ROUNDEDCORNERS", [6, 6, 6, 6])]
        return [Grid([[""]], colWidths=[self.width], rowHeights=[block.height * cm], style=look, spaceBefore=4)]

    @drawn.register
    def _(self, block: blocks.Picture) -> Flowables:
        shown = self._picture(block.name, self.width * block.width / 100)
        return [] if shown is None else [shown, Spacer(1, 6)]

    def _picture(self, name: str, width: float) -> Any:
        data = picture(name)
        if data is None:
            return None
        across, high = size(name)
        return Image(io.BytesIO(data), width=width, height=width * high / across, hAlign="LEFT")

    @drawn.register
    def _(self, block: blocks.Round) -> Flowables:
        left = self.width * 0.29
        shown = self._picture(block.picture.name, left - 12)
        said: Flowables = [
            Paragraph(_marked(block.title), self.styles.round),
            Paragraph(_marked(block.note), self.styles.cell),
        ]
        if block.rule:
            rule = f'<font color="{ACCENT.hexval().replace("0x", "#")}"><b>{escape(block.rule_label)}:</b> {{}}</font>'
            said.append(Paragraph(rule.format(_marked(block.rule)), self.styles.cell))
        look = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.6, FINE),
            ("TOPPADDING", (0, 0), (-1, -1), 8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ]
        if shown is None:
            return [Grid([[said]], colWidths=[self.width], style=look)]
        return [Grid([[shown, said]], colWidths=[left, self.width - left], style=look)]

    @drawn.register
    def _(self, block: blocks.Name) -> Flowables:
        """Written as large as the line bears; left free where it can't be written."""
        name = "" if block.name is None or lacks(block.name) else block.name
        points = self.styles.name.fontSize
        wide = stringWidth(name, BOLD, points)
        line = self.width * 0.94 - 16
        if wide > line:
            points = max(_SMALLEST, points * line / wide)
        style = self.styles.name.clone("fitted", fontSize=points, leading=points * 1.2)
        look = [
            ("LINEBELOW", (0, 0), (-1, -1), 1, SOFT),
            ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
        ]
        written = [[Paragraph(escape(name), style) if name else ""]]
        return [Grid(written, colWidths=[self.width * 0.94], rowHeights=[74], style=look, spaceAfter=18)]

"""A page to print as HTML: one file without script that needs no other; headings and tables say what they are."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import singledispatch

from markupsafe import Markup

from photoscan import shipped
from photoscan.handouts import blocks
from photoscan.handouts.blocks import Block, runs
from photoscan.handouts.pictures import picture, size
from photoscan.handouts.sheets import FOR, Sheet, words
from photoscan.render.markup import NOTHING, html, joined, ours

LONG_NAME = 30
"""Letters from which a name on a certificate is written smaller."""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What a browser may load for such a page: nothing that is not in it."""
MARK = ours(
    '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0b5c6b"/>'
    '<path d="M5 16c5.5-8 16.5-8 22 0-5.5 8-16.5 8-22 0z" fill="#fff"/>'
    '<circle cx="16" cy="16" r="4.5" fill="#0b5c6b"/></svg>'
)
"""The program's mark, the same as on the page."""


def page(sheet: Sheet, language: str) -> bytes:
    """A sheet as a page of HTML in UTF-8."""
    if sheet.certificate:
        return certificates(sheet, [sheet.blocks], language)
    said = words(language)
    body = html(
        '<header class="brand">{}<span>{}</span><a href="index.html">{}</a></header><main{}><h1>{}</h1>{}</main>'
        '<footer class="foot">{}</footer>',
        MARK,
        said["name"],
        said["index"],
        html(' style="font-size:{}em"', sheet.scale) if sheet.scale != 1 else NOTHING,
        sheet.title,
        joined(drawn(block) for block in sheet.blocks),
        said["footer"],
    )
    return _document(sheet.title, body, language)


def certificates(sheet: Sheet, each: Iterable[Iterable[Block]], language: str) -> bytes:
    """Certificates, each a page across, as one page of HTML in UTF-8."""
    pieces = joined(
        html(
            '<section class="certificate">{}<h1>{}</h1>{}</section>',
            MARK,
            sheet.title,
            joined(drawn(block) for block in certificate),
        )
        for certificate in each
    )
    return _document(sheet.title, html("<main>{}</main>", pieces), language)


def index(sheets: Iterable[Sheet], named: str | None, has_pdf: bool, language: str) -> bytes:
    """The page that links all that was written in a language. `named`: the file of certificates with names, if any."""
    said, kept = words(language), list(sheets)
    groups = joined(
        html(
            '<h2>{}</h2><ul class="index">{}</ul>',
            said[f"for_{group}"],
            joined(_entries(sheet, named, has_pdf, said) for sheet in kept if sheet.group == group),
        )
        for group in FOR
    )
    body = html(
        '<header class="brand">{}<span>{}</span></header><main><h1>{}</h1><p class="lead">{}</p>{}</main>'
        '<footer class="foot">{}</footer>',
        MARK,
        said["name"],
        said["index"],
        said["index_lead"],
        groups,
        said["footer"],
    )
    return _document(said["index"], body, language)


def languages(names: Mapping[str, str]) -> bytes:
    """The page above several languages. `names`: what each calls itself."""
    entries = joined(
        html('<li><a href="{}/index.html" lang="{}" hreflang="{}">{}</a></li>', code, code, code, name)
        for code, name in names.items()
    )
    body = html(
        '<header class="brand">{}<span>photoscan</span></header>'
        '<main><h1>photoscan workshop</h1><ul class="index">{}</ul></main>',
        MARK,
        entries,
    )
    return _document("photoscan workshop", body, "en")


def _entries(sheet: Sheet, named: str | None, has_pdf: bool, said: Mapping[str, str]) -> Markup:
    """The links to a sheet, and to the certificates with names below the one without."""
    rows = [_entry(sheet.name, sheet.title, sheet.about, has_pdf, said)]
    if sheet.certificate and named:
        rows.append(_entry(named, said["named"], said["named_about"], has_pdf, said))
    return joined(rows)


def _entry(file: str, title: str, about: str, has_pdf: bool, said: Mapping[str, str]) -> Markup:
    pdf = html(' · <a href="{}.pdf">{}<span class="vh"> {}</span></a>', file, said["pdf"], title)
    return html('<li><a href="{}.html">{}</a>{}<small>{}</small></li>', file, title, pdf if has_pdf else NOTHING, about)


def _document(title: str, body: Markup, language: str) -> bytes:
    """The whole file."""
    return html(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="{}"><meta name="referrer" content="no-referrer">'
        "<title>{}</title><style>{}</style></head>\n<body>{}</body></html>\n",
        language,
        POLICY,
        title,
        ours(shipped.text("handouts/print.css")),
        body,
    ).encode("utf-8")


def _marked(text: str) -> Markup:
    return joined(html("<strong>{}</strong>", piece) if bold else html("{}", piece) for piece, bold in runs(text))


@singledispatch
def drawn(block: Block) -> Markup:
    """One block as markup."""
    raise TypeError(type(block).__name__)


@drawn.register
def _(block: blocks.Heading) -> Markup:
    return html("<h2>{}</h2>", block.text) if block.level == 2 else html("<h3>{}</h3>", block.text)


@drawn.register
def _(block: blocks.Paragraph) -> Markup:
    return html('<p class="{}">{}</p>', block.style, _marked(block.text))


@drawn.register
def _(block: blocks.Items) -> Markup:
    rows = joined(html("<li>{}</li>", _marked(row)) for row in block.rows)
    if block.style == "steps":
        return html("<ol>{}</ol>", rows)
    return html('<ul class="{}">{}</ul>', block.style, rows)


@drawn.register
def _(block: blocks.Table) -> Markup:
    columns = joined(html('<col style="width:{}%">', width) for width in block.widths)
    head = joined(html('<th scope="col">{}</th>', word) for word in block.head)
    free = html('<span class="circle"></span>') if block.ticked else NOTHING
    rows = joined(
        html(
            '<tr><th scope="row">{}</th>{}</tr>',
            _marked(row[0]),
            joined(html("<td>{}</td>", _marked(cell) if cell else free) for cell in row[1:]),
        )
        for row in block.rows
    )
    kind = "ticked" if block.ticked else "writing" if block.writing else "plain"
    return html(
        '<table class="{}"><colgroup>{}</colgroup><thead{}><tr>{}</tr></thead><tbody>{}</tbody></table>',
        kind,
        columns,
        NOTHING if block.headed else html(' class="vh"'),
        head,
        rows,
    )


@drawn.register
def _(block: blocks.Lines) -> Markup:
    return html('<div class="lines" aria-hidden="true">{}</div>', joined([html("<i></i>")] * block.count))


@drawn.register
def _(block: blocks.Fill) -> Markup:
    labels = joined(html('<span>{}<i aria-hidden="true"></i></span>', label) for label in block.labels)
    return html('<div class="fill">{}</div>', labels)


@drawn.register
def _(block: blocks.Frame) -> Markup:
    return html('<div class="frame" aria-hidden="true" style="height:{}cm"></div>', block.height)


@drawn.register
def _(block: blocks.Picture) -> Markup:
    data = picture(block.name)
    if data is None:
        return NOTHING
    width, height = size(block.name)
    return html(
        '<figure style="width:{}%"><img src="data:image/jpeg;base64,{}" alt="{}" width="{}" height="{}"></figure>',
        block.width,
        b64encode(data).decode(),
        block.alt,
        width,
        height,
    )


@drawn.register
def _(block: blocks.Round) -> Markup:
    shown = drawn(block.picture)
    rule = html('<p class="rule"><strong>{}:</strong> {}</p>', block.rule_label, block.rule) if block.rule else NOTHING
    return html(
        '<section class="round{}">{}<h2>{}</h2><p>{}</p>{}</section>',
        NOTHING if shown else html(" bare"),
        shown,
        block.title,
        _marked(block.note),
        rule,
    )


@drawn.register
def _(block: blocks.Name) -> Markup:
    # A name may be written from right to left; it must not turn what stands around it.
    long = html(" long") if len(block.name or "") > LONG_NAME else NOTHING
    return html('<p class="name{}"><bdi>{}</bdi></p>', long, block.name or "")

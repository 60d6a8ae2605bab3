"""`photoscan read`: every line of text that a machine can read in a photo."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from photoscan.cli.choices import engine, languages
from photoscan.cli.language import spoken
from photoscan.cli.limits import limiting, taken
from photoscan.cli.pages import Paged
from photoscan.cli.paths import STANDARD_INPUT, complain, photos
from photoscan.errors import PhotoscanError
from photoscan.options import PROFILES, ScanOptions
from photoscan.readers import DEFAULT, READERS
from photoscan.taught import check_languages


@click.command(cls=Paged)
@click.argument("paths", nargs=-1, required=True)
@click.option("--format", "format_", type=click.Choice(("text", "jsonl")), default="text", show_default=True)
@click.option("--profile", type=click.Choice(PROFILES), default="balanced", show_default=True)
@click.option("--ocr", type=click.Choice(tuple(READERS)), default=DEFAULT, show_default=True)
@languages
@engine
@limiting
def read(paths: tuple[str, ...], format_: str, **choices: Any) -> None:
    """Print the text in photos, in reading order. Exit status 2 if a photo could not be read."""
    from photoscan.photo import Photo
    from photoscan.views import Views

    options = ScanOptions(limits=taken(choices), **choices)
    check_languages(options.ocr_languages)
    failed = False
    for path in photos(paths):
        row: dict[str, Any] = {"path": path, "lines": []}
        try:
            photo = Photo.open(sys.stdin.buffer if path == STANDARD_INPUT else path, options.limits)
            views = Views(photo, options)
            mirrored = views.mirror.lines_as_shown if views.mirror else ()
            for line in (*views.lines, *mirrored):
                polygon = [[round(x, 1), round(y, 1)] for x, y in line.polygon or ()]
                box = line.box.as_list() if line.box else None
                row["lines"].append(
                    {"text": line.text, "polygon": polygon, "box": box, "confidence": round(line.confidence, 3)}
                )
        except PhotoscanError as error:
            failed = True
            message = error.text(spoken())
            row["error"] = {"code": error.code, "message": message}
            complain(path, message)
        if format_ == "jsonl":
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            for line_row in row["lines"]:
                click.echo(line_row["text"])
    if failed:
        sys.exit(2)

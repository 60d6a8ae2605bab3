"""Every redaction style, in every way of coding: plan, copy, proof, check and receipt. An unknown style is refused."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from photoscan import Photo, brushes, cleaning, redaction
from photoscan.brushes import BRUSHES, FILL, STYLES, Brush
from photoscan.catalog import LANGUAGES
from photoscan.cleaning import CleanPlan
from photoscan.cli.root import root
from photoscan.errors import UsageError
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.redaction import Patch
from photoscan.report import DetectorOutcome, PhotoInfo, Report, Status
from photoscan.risk import policy_rows
from photoscan.risk.policy import Policy
from photoscan.stripping import Keep
from tests.cleaning import samples as s
from tests.cleaning.test_redaction import deep_heic, deep_png

BOX = Box(8, 8, 16, 12)
GRAIN = Image.fromarray(np.random.default_rng(5).integers(0, 255, (24, 32, 3), dtype=np.uint8))
"""Neighbours differ, so that every style changes them."""
CODINGS: dict[str, tuple[bytes, str | None]] = {
    # a picture, and Pillow's mode of what is painted; None where it is not a picture of Pillow's, and always filled
    "JPEG": (s.coded("JPEG", GRAIN), "RGB"),
    "JPEG, grey and progressive": (s.coded("JPEG", GRAIN.convert("L"), progressive=True), "L"),
    "JPEG of ink": (s.coded("JPEG", GRAIN.convert("CMYK")), "CMYK"),
    "PNG": (s.coded("PNG", GRAIN), "RGB"),
    "PNG, transparent": (s.coded("PNG", GRAIN.convert("RGBA")), "RGBA"),
    "PNG of 16 bits": (deep_png(3), None),
    "PNG, grey of 16 bits": (
        s.coded("PNG", Image.fromarray(np.arange(768, dtype=np.uint16).reshape(24, 32) * 80)),
        "I;16",
    ),
    "WebP": (s.coded("WEBP", GRAIN, quality=90), "RGB"),
    "WebP, lossless": (s.coded("WEBP", GRAIN, lossless=True), "RGB"),
    "TIFF": (s.tiff(GRAIN), "RGB"),
    "TIFF of one bit": (s.tiff(GRAIN.convert("1"), compression="group4"), "1"),
    "BMP": (s.bmp(GRAIN), "RGB"),
    "GIF": (s.coded("GIF", GRAIN), None),
    "HEIC": (s.heic(GRAIN), "RGB"),
    "HEIC of more than 8 bits": (deep_heic(), None),
    "AVIF": (s.coded("AVIF", GRAIN), "RGB"),
    "JPEG 2000": (s.coded("JPEG2000", GRAIN), "RGB"),
    "JPEG 2000, transparent": (s.coded("JPEG2000", GRAIN.convert("RGBA")), "RGBA"),
}


def nothing(source: object) -> Report:
    """A scan that finds nothing, having looked."""
    return Report(PhotoInfo("photo"), "0", detectors=(DetectorOutcome("face", Status.OK),))


def test_the_table_is_the_vocabulary() -> None:
    assert tuple(BRUSHES) == STYLES == policy_rows.STYLES
    for style, brush in BRUSHES.items():
        assert brush.name == style
        assert not (brush.reversible and brush.proof), "what can be undone can't be proved to be gone"
        assert brush.modes <= FILL.modes, "FILL stands in wherever another brush can't paint"
    assert FILL.proof is not None


def test_every_format_that_hides_has_a_row_here() -> None:
    assert {Photo.open(data).format for data, _ in CODINGS.values()} == {f for f in Format if f.row.redactor}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("style", STYLES)
def test_style_and_coding(style: brushes.Style, coding: str) -> None:
    data, mode = CODINGS[coding]
    photo, plan = Photo.open(data), CleanPlan(style=style, boxes=(BOX,))
    assert cleaning.foresee(photo, nothing(photo), plan).boxes == ((BOX.x, BOX.y, BOX.w, BOX.h),)

    result = cleaning.clean(photo, nothing(photo), nothing, plan)
    painted = BRUSHES[style] if mode in BRUSHES[style].modes else FILL
    keys = {row.key for row in (*result.receipt.notes, *result.receipt.proofs)}
    assert ("clean.note.filled" in keys) == (painted.name != style)
    assert ("clean.note.weak" in keys) == painted.reversible
    proofs = {f"clean.proof.{painted.proof}", f"clean.proof.{painted.proof}_inside"}
    assert bool(keys & proofs) == (painted.proof is not None)

    copy = Photo.open(result.data)
    assert not cleaning.left_over(copy, plan)
    before, after = (p.pixels()[BOX.y + 4 : BOX.y2 - 4, BOX.x + 4 : BOX.x2 - 4].astype(int) for p in (photo, copy))
    assert (before != after).mean() > 0.3
    if painted.proof:
        assert painted.covers(after.astype(np.uint8))

    for language in LANGUAGES:
        receipt = json.dumps(result.receipt.to_dict(language))
        assert result.receipt.to_dict(language)["source"]
        assert (f"'{style}'" in receipt) == painted.reversible


@pytest.mark.parametrize("to", [Format.JPEG, Format.PNG])
@pytest.mark.parametrize("style", STYLES)
def test_style_in_a_converted_copy(style: brushes.Style, to: Format) -> None:
    photo = Photo.open(s.heic())
    result = cleaning.clean(photo, nothing(photo), nothing, CleanPlan(style=style, boxes=(BOX,), to=to))
    assert Photo.open(result.data).format is to
    assert ("clean.note.weak" in [row.key for row in result.receipt.notes]) == BRUSHES[style].reversible


def test_what_nothing_proves_ends_filled() -> None:
    for style, chosen in BRUSHES.items():
        last, _ = brushes.tries(style)[-1]
        assert last.proof, style
        assert [brush for brush, _ in brushes.tries(style)][: brushes.ROUNDS] == [chosen] * brushes.ROUNDS


class Trial(Brush):
    """A style that knows nothing but decoded pictures: no blocks, no samples."""

    name = "trial"
    reversible = True

    def pixels(self, picture: Image.Image, box: Box, strength: int) -> None:
        picture.paste((200, 30, 30) if picture.mode == "RGB" else 90, (box.x, box.y, box.x2, box.y2))


@pytest.mark.parametrize("coding", ["JPEG", "PNG", "PNG of 16 bits", "GIF"])
def test_a_new_style_paints_or_is_said_to_be_filled(coding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BRUSHES, "trial", Trial())  # type: ignore[misc]
    data, mode = CODINGS[coding]
    made = redaction.redact(Photo.open(data), Keep(), [Patch(BOX)], "trial")
    assert made.brush.name == ("trial" if mode in Trial.modes else "fill")
    b, g, r = Photo.open(made.data).pixels()[BOX.y + 6, BOX.x + 8]
    assert (abs(int(r) - 200) < 20 and b < 60 and g < 60) if made.brush.name == "trial" else max(b, g, r) < 40


UNKNOWN: dict[str, Any] = {
    "table": lambda: brushes.brush("glitter"),
    "tries": lambda: brushes.tries("glitter"),
    "plan": lambda: CleanPlan(style="glitter"),  # type: ignore[arg-type]
    "policy": lambda: Policy.parse({"name": "x", "version": "1", "redaction": {"style": "glitter"}}),
    **{
        f"redaction of {coding}": lambda data=data: redaction.redact(Photo.open(data), Keep(), [Patch(BOX)], "glitter")
        for coding, (data, _) in CODINGS.items()
    },
}


@pytest.mark.parametrize("where", UNKNOWN)
def test_an_unknown_style_is_refused(where: str) -> None:
    with pytest.raises(UsageError, match=", ".join(STYLES)):
        UNKNOWN[where]()


def test_an_unknown_style_is_refused_by_the_command_line() -> None:
    done = CliRunner().invoke(root, ["clean", "--style", "glitter", "x.jpg", "-o", "y.jpg"])
    assert done.exit_code != 0
    assert "glitter" in done.output


def test_the_service_takes_the_same_styles() -> None:
    """What it refuses is what its document does not name: FastAPI goes by one type for both."""
    pytest.importorskip("fastapi", reason="the service is not installed")
    from tests.service.test_app import App

    document = App().ask("GET", "/openapi.json").json()
    rows = document["paths"]["/v1/clean"]["post"]["parameters"]
    (style,) = [row["schema"] for row in rows if row["name"] == "style"]
    assert tuple(style["anyOf"][0]["enum"]) == STYLES


def test_the_schema_of_policies_names_the_same_styles() -> None:
    """A JSON schema can't ask a table: scripts/write_schema.py writes what it takes from there."""
    script = runpy.run_path(str(Path(__file__).parents[2] / "scripts/write_schema.py"))
    text = script["SCHEMA"].read_text("utf-8")
    assert script["written"](text) == text, "run python scripts/write_schema.py"
    assert tuple(json.loads(text)["properties"]["redaction"]["properties"]["style"]["enum"]) == STYLES

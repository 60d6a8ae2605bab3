"""Each proof refuses what it is there to refuse: none of them could be switched off without being missed."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import piexif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from photoscan import Photo, cleaning, metadata
from photoscan.catalog import LANGUAGES, has
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan, picture, search, verify
from photoscan.cleaning.plan import COARSENESS
from photoscan.container import KEEPABLE
from photoscan.finding import Field, Finding, Region
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.metadata import Entry, Metadata
from photoscan.redaction import Patch
from photoscan.report import DetectorOutcome, PhotoInfo, Report, ReportError, Status
from photoscan.stripping import Keep, Stripped, strip
from tests.cleaning import samples as s
from tests.cleaning.test_clean import BOX, STRIP, seen
from tests.metadata import containers as c

SECRET = "Aina Yusof, Jalan Contoh"
RAW = SECRET.encode()
ARTIST = piexif.dump({"0th": {piexif.ImageIFD.Artist: RAW}})


def refused(key: str) -> Any:
    """The proof that ends with this reason, whatever its words."""

    class _Refused:
        def __enter__(self) -> None:
            pass

        def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
            assert isinstance(error, RefusedError), f"nothing was refused: {error!r}"
            assert error.phrase.key == f"clean.refused.{key}"
            assert SECRET not in str(error)
            return True

    return _Refused()


# ---------------------------------------------------------------- no value is left


def in_jpeg(data: bytes, planted: bytes) -> bytes:
    """As a segment of a number that means nothing."""
    return data[:2] + b"\xff\xe7" + struct.pack(">H", len(planted) + 2) + planted + data[2:]


def in_png(data: bytes, planted: bytes) -> bytes:
    return data[:33] + c.chunk(b"abCd", planted) + data[33:]


def in_webp(data: bytes, planted: bytes) -> bytes:
    body = data[8:] + b"ABCD" + struct.pack("<I", len(planted)) + planted + b"\0" * (len(planted) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def behind(data: bytes, planted: bytes) -> bytes:
    return data + planted


def in_heif(data: bytes, planted: bytes) -> bytes:
    return data + c.box(b"abcd", planted)


def photos() -> dict[str, tuple[bytes, Callable[[bytes, bytes], bytes]]]:
    heif = s.heic(s.small())
    return {
        "JPEG": (s.coded("JPEG", exif=ARTIST), in_jpeg),
        "JPEG, behind the end": (s.coded("JPEG", exif=ARTIST), behind),
        "PNG": (s.coded("PNG", s.small(), exif=ARTIST), in_png),
        "PNG, behind the end": (s.coded("PNG", s.small(), exif=ARTIST), behind),
        "WebP": (s.coded("WEBP", s.small(), exif=ARTIST), in_webp),
        "TIFF": (_tiff(), behind),
        "GIF": (s.coded("GIF", s.small(), comment=RAW), behind),
        "BMP": (s.coded("BMP", s.small()) + RAW, behind),
        "HEIC": (heif.replace(b"CANARY-artist", RAW[:13]), in_heif),
        "AVIF": (s.coded("AVIF", s.small(), exif=ARTIST), in_heif),
    }


def _tiff() -> bytes:
    from PIL import TiffImagePlugin

    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[0x13B] = SECRET
    return s.coded("TIFF", s.small(), tiffinfo=info)


DRESSED: dict[str, Callable[[bytes], bytes]] = {
    "as it stands": lambda raw: raw,
    "amid other bytes": lambda raw: b"\x01\x02" + raw + b"\xff",
    "UTF-16, little end first": lambda raw: raw.decode().encode("utf-16-le"),
    "UTF-16, big end first": lambda raw: raw.decode().encode("utf-16-be"),
    "Base64": lambda raw: b64encode(raw),
    "Base64 behind a byte": lambda raw: b64encode(b"{" + raw + b"}"),
    "Base64 behind two": lambda raw: b64encode(b"{ " + raw + b" }"),
    "Base64 of UTF-16": lambda raw: b64encode(raw.decode().encode("utf-16-le")),
    "deflated": zlib.compress,
    "deflated at best": lambda raw: zlib.compress(raw, 9),
    "deflated in a gzip file": gzip.compress,
    "deflated UTF-16 amid other bytes": lambda raw: b"\x07" + zlib.compress(raw.decode().encode("utf-16-be")) + b"\x09",
}


@pytest.mark.parametrize("dress", sorted(DRESSED))
@pytest.mark.parametrize("container", sorted(photos()))
def test_no_value_is_left_however_it_is_written(container: str, dress: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a stripper that leaves it, where the second reader is blind."""
    data, plant = photos()[container]
    # What was read in a HEIC sample is the first half of it.
    secret = RAW[:13] if container == "HEIC" else RAW
    photo = Photo.open(data)
    monkeypatch.setattr(verify, "left_in", lambda *_: [])
    monkeypatch.setattr(picture, "same", lambda *_: ())
    assert cleaning.clean(photo, None, None, STRIP).data

    def leaving(data: bytes, format_: Format, keep: Keep) -> Stripped:
        clean = strip(data, format_, keep)
        return replace(clean, data=plant(clean.data, DRESSED[dress](secret)))

    monkeypatch.setattr(cleaning, "strip", leaving)
    with refused("value_left"):
        cleaning.clean(photo, None, None, STRIP)


def test_a_profile_that_was_not_cleaned_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressed in a chunk that is meant to be there: the second reader finds it too, so it is blinded here."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + RAW
    photo = Photo.open(s.coded("PNG", s.small(), exif=ARTIST))
    packed = c.chunk(b"iCCP", b"Generic profile\0\0" + zlib.compress(profile))
    monkeypatch.setattr(verify, "left_in", lambda *_: [])

    def leaving(data: bytes, format_: Format, keep: Keep) -> Stripped:
        clean = strip(data, format_, keep)
        return replace(clean, data=clean.data[:33] + packed + clean.data[33:])

    monkeypatch.setattr(cleaning, "strip", leaving)
    with refused("value_left"):
        cleaning.clean(photo, None, None, STRIP)


NOTICE = f"(c) 2026 {SECRET}"
"""A copyright notice that holds the artist's name, which another field holds alone."""


def test_a_value_within_what_is_kept_may_stay_there_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    said = piexif.dump({"0th": {piexif.ImageIFD.Artist: RAW, piexif.ImageIFD.Copyright: NOTICE.encode()}})
    photo, plan = Photo.open(s.coded("JPEG", exif=said)), CleanPlan(metadata_only=True, keep=("copyright",))
    data = cleaning.clean(photo, None, None, plan).data
    assert data.count(RAW) == 1
    monkeypatch.setattr(verify, "left_in", lambda *_: [])

    def leaving(data: bytes, format_: Format, keep: Keep) -> Stripped:
        clean = strip(data, format_, keep)
        return replace(clean, data=in_jpeg(clean.data, RAW))

    monkeypatch.setattr(cleaning, "strip", leaving)
    with refused("value_left"):
        cleaning.clean(photo, None, None, plan)


KEPT_AS_IT_IS: dict[str, dict[str, dict[int, Any]]] = {
    "date": {"Exif": {piexif.ExifIFD.DateTimeOriginal: b"2026:01:02 03:04:05"},
             "0th": {piexif.ImageIFD.DateTime: b"2026:01:02 03:04:05"}},
    "notice": {"0th": {piexif.ImageIFD.Copyright: b"Aina " * 30}},
    "position that was round before": {"GPS": {
        piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: ((31, 10), (0, 1), (0, 1)),
        piexif.GPSIFD.GPSLongitudeRef: b"E", piexif.GPSIFD.GPSLongitude: ((1017, 10), (0, 1), (0, 1)),
    }},
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(KEPT_AS_IT_IS))
@pytest.mark.parametrize("turned", [1, 6])
def test_what_is_kept_as_it_was_is_not_held_against_its_copy(case: str, turned: int) -> None:
    said = {part: dict(rows) for part, rows in KEPT_AS_IT_IS[case].items()}
    said.setdefault("0th", {})[piexif.ImageIFD.Orientation] = turned
    photo = Photo.open(s.coded("JPEG", exif=piexif.dump(said)))
    plan = CleanPlan(metadata_only=True, keep=("date", "copyright", "orientation"), coarsen_gps="city")
    assert len(cleaning.clean(photo, None, None, plan).receipt.kept) >= 1


TEXTS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("C", "Z")),
    min_size=6,
)


@given(TEXTS, st.sampled_from(sorted(DRESSED)), st.binary(max_size=20), st.binary(max_size=20))
def test_a_text_is_found_in_any_dress(text: str, dress: str, before: bytes, after: bytes) -> None:
    raw = text.strip().encode()[:64].decode("utf-8", "ignore").strip().encode()
    if len(raw) < 6 or len(set(raw)) <= 3:
        return
    data = before + DRESSED[dress](raw) + after
    parts = [data, *search.inflated(data)]
    assert search.found(search.disguised([raw]), b"\0".join(parts))


def test_a_text_that_was_read_as_utf_16_is_found_as_utf_8() -> None:
    for coding in ("utf-16-le", "utf-16-be"):
        assert SECRET.encode() in search.disguised([SECRET.encode(coding)])


def test_forms_of_a_number_are_few() -> None:
    """Numbers are no text: they are looked for as they stand, and in Base64."""
    assert len(search.disguised([struct.pack(">6I", 3, 1, 8, 1, 251, 10)])) == 4


# ---------------------------------------------------------------- the second reader


def test_the_second_reader_refuses_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where no value of the photo stands in what was left."""
    monkeypatch.setattr(verify, "value_left", lambda *_: False)
    for data, plant in photos().values():
        photo = Photo.open(data)
        clean = strip(data, photo.format, Keep())
        monkeypatch.setattr(
            cleaning,
            "strip",
            lambda *_, clean=clean, plant=plant: replace(clean, data=plant(clean.data, b"Something else")),
        )
        monkeypatch.setattr(picture, "same", lambda *_: ())
        with refused("metadata_left"):
            cleaning.clean(photo, None, None, STRIP)


@pytest.mark.parametrize("field", ["Copyright", "Artist"])
def test_only_what_is_kept_is_let_through(field: str) -> None:
    tag = {"Copyright": piexif.ImageIFD.Copyright, "Artist": piexif.ImageIFD.Artist}[field]
    data = s.coded("JPEG", exif=piexif.dump({"0th": {tag: RAW}}))
    statements = piexif.dump({"0th": {piexif.ImageIFD.Copyright: RAW}})[6:]
    left = verify.left_in(data, Format.JPEG, Keep(statements=statements))
    assert bool(left) is (field == "Artist")
    other = piexif.dump({"0th": {piexif.ImageIFD.Copyright: b"somebody else"}})[6:]
    assert verify.left_in(data, Format.JPEG, Keep(statements=other))


# ---------------------------------------------------------------- what was hidden is black


def drawn(*white: Box, format_: str = "PNG", box: Box = BOX) -> Photo:
    pixels = np.full((240, 320, 3), 130, np.uint8)
    pixels[box.y : box.y2, box.x : box.x2] = 0
    for hole in white:
        pixels[hole.y : hole.y2, hole.x : hole.x2] = 255
    return Photo.open(s.coded(format_, Image.fromarray(pixels)))


HOLES = {
    "one pixel": Box(BOX.x + 30, BOX.y + 15, 1, 1),
    "a letter of one percent": Box(BOX.x + 20, BOX.y + 10, 3, 5),
    "a row along the edge": Box(BOX.x, BOX.y, BOX.w, 1),
    "a column along the edge": Box(BOX.x2 - 1, BOX.y, 1, BOX.h),
    "a corner": Box(BOX.x2 - 2, BOX.y2 - 2, 2, 2),
}


@pytest.mark.parametrize("hole", sorted(HOLES))
def test_a_patch_through_which_something_shows_is_refused(hole: str) -> None:
    assert verify.painted_over(drawn(), [Patch(BOX)], "lossless")
    with refused("shows"):
        verify.painted_over(drawn(HOLES[hole]), [Patch(BOX)], "lossless")


@pytest.mark.parametrize("method", ["blocks", "recoded"])
def test_coding_may_blur_a_rim_and_the_proof_says_so(method: Any) -> None:
    rim = verify.RIMS[method]  # type: ignore[index]
    box = Box(60, 60, 120, 80)
    assert verify.painted_over(drawn(Box(box.x, box.y, box.w, rim), box=box), [Patch(box)], method)
    with refused("shows"):
        verify.painted_over(drawn(Box(box.x, box.y, box.w, rim + 1), box=box), [Patch(box)], method)
    (proof,) = verify.painted_over(drawn(box=box), [Patch(box)], method)
    assert str(rim) in str(proof)


def test_every_page_and_patch_is_looked_at() -> None:
    black, grey = Image.new("L", (64, 64)), Image.new("L", (64, 64), 200)
    out = io.BytesIO()
    black.save(out, "TIFF", save_all=True, append_images=[grey])
    pages = Photo.open(out.getvalue())
    assert verify.painted_over(pages, [Patch(Box(8, 8, 40, 40), 0)])
    with refused("shows"):
        verify.painted_over(pages, [Patch(Box(8, 8, 40, 40), 1)])
    with refused("shows"):
        verify.painted_over(drawn(), [Patch(BOX), Patch(Box(0, 0, 40, 40))])


def test_a_redactor_that_leaves_a_hole_releases_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the second scan sees nothing."""
    from photoscan.redaction import still

    real = still.hide

    def sloppy(painted: Image.Image, *rest: Any) -> None:
        real(painted, *rest)
        painted.putpixel((BOX.x + 10, BOX.y + 10), (0, 90, 0))

    monkeypatch.setattr(still, "hide", sloppy)
    photo = Photo.open(s.coded("PNG"))
    with refused("shows"):
        cleaning.clean(photo, seen(BOX)(photo), seen(), CleanPlan())


# ---------------------------------------------------------------- the rest is the same picture


def _jpeg(quality: int = 90, **extra: Any) -> bytes:
    return s.coded("JPEG", quality=quality, **extra)


def _heic(image: Image.Image) -> bytes:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=-1)
    return out.getvalue()


def nudged(image: Image.Image) -> Image.Image:
    """The picture with one pixel that is one level off."""
    pixels = np.array(image)
    pixels[7, 9] ^= 1
    return Image.fromarray(pixels)


OTHERS: dict[str, tuple[bytes, bytes, Format]] = {
    "JPEG of other tables": (_jpeg(90), _jpeg(91), Format.JPEG),
    "JPEG of other bits": (_jpeg(), _jpeg().replace(b"\xff\xd9", b"") [:-3] + b"\x11\x22\x33\xff\xd9", Format.JPEG),
    "PNG": (s.coded("PNG", s.small()), s.coded("PNG", nudged(s.small())), Format.PNG),
    "BMP": (s.coded("BMP", s.small()), s.coded("BMP", nudged(s.small())), Format.BMP),
    "WebP": (s.coded("WEBP", s.small(), lossless=True), s.coded("WEBP", nudged(s.small()), lossless=True), Format.WEBP),
    "HEIC": (_heic(s.small()), _heic(s.small().rotate(180)), Format.HEIC),
    "JPEG XL": (s.JXL, s.JXL[:-1] + b"\3", Format.JXL),
    "fewer frames": (
        s.coded("GIF", s.small(), save_all=True, append_images=[s.small().rotate(180)]),
        s.coded("GIF", s.small()),
        Format.GIF,
    ),
    "fewer pages": (
        s.coded("TIFF", s.small(), save_all=True, append_images=[s.small().rotate(180)]),
        s.coded("TIFF", s.small()),
        Format.TIFF,
    ),
    "another shape": (s.coded("PNG", s.small()), s.coded("PNG", s.small().crop((0, 0, 31, 24))), Format.PNG),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(OTHERS))
def test_another_picture_is_refused(case: str) -> None:
    before, after, format_ = OTHERS[case]
    assert picture.same(before, before, format_)
    with refused("changed"):
        picture.same(before, after, format_)


def test_what_can_not_be_decoded_is_not_called_the_same() -> None:
    before = s.coded("WEBP", s.small())
    with refused("undecodable"):
        picture.same(before, before[:-40], Format.WEBP)


def test_of_one_picture_among_several_no_more_is_said() -> None:
    several = s.coded("TIFF", s.small(), save_all=True, append_images=[s.small().rotate(180)])
    (proof,) = picture.same(several, s.coded("TIFF", s.small()), Format.TIFF, all_pages=False)
    assert proof.key == "clean.proof.same_first"
    (proof,) = picture.same(several, several, Format.TIFF)
    assert proof.key == "clean.proof.same_pixels"


def moving_heic() -> bytes:
    """A HEIC with a movement behind its picture, as far as a box tells."""
    return _heic(s.small()) + c.box(b"moov", bytes(8))


def test_of_a_movement_that_nobody_decoded_nothing_is_said() -> None:
    (proof,) = picture.same(moving_heic(), moving_heic(), Format.HEIC)
    assert proof.key == "clean.proof.same_first"
    (proof,) = picture.same(_heic(s.small()), _heic(s.small()), Format.HEIC)
    assert proof.key == "clean.proof.same_pixels"


def test_a_pixel_beside_what_was_hidden_is_missed() -> None:
    before = Photo.open(s.coded("PNG"))
    pixels = np.array(s.picture())
    pixels[BOX.y : BOX.y2, BOX.x : BOX.x2] = 0
    after = Photo.open(s.coded("PNG", Image.fromarray(pixels)))
    assert picture.same_but(before, after, [Patch(BOX)], "lossless")
    with refused("changed"):
        picture.same_but(before, after, [Patch(Box(BOX.x, BOX.y, BOX.w - 1, BOX.h))], "lossless")
    with refused("changed"):
        picture.same_but(before, after, [], "blocks")


def test_a_picture_that_was_coded_again_is_measured() -> None:
    before = Photo.open(s.coded("PNG"))
    pixels = np.array(s.picture()).astype(int)
    near = Photo.open(s.coded("PNG", Image.fromarray(np.clip(pixels + 5, 0, 255).astype(np.uint8))))
    far = Photo.open(s.coded("PNG", Image.fromarray(np.clip(pixels + 40, 0, 255).astype(np.uint8))))
    (proof,) = picture.same_but(before, near, [Patch(BOX)], "recoded")
    assert 4 < float(str(proof.values["levels"])) <= 5
    with refused("changed"):
        picture.same_but(before, far, [Patch(BOX)], "recoded")


def test_a_picture_of_another_shape_is_refused() -> None:
    with refused("changed"):
        picture.same_but(Photo.open(s.coded("PNG")), Photo.open(s.coded("PNG", s.small())), [], "recoded")


def test_a_redactor_that_drops_frames_releases_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from photoscan import redaction

    several = Photo.open(s.coded("GIF", save_all=True, append_images=[s.picture().rotate(180)]))
    calm = lambda data: Report(PhotoInfo("photo"), "0")  # noqa: E731
    plan = CleanPlan(boxes=(BOX,))
    assert cleaning.clean(several, calm(b""), calm, plan).data
    done = redaction.redact(Photo.open(s.coded("GIF")), Keep(), [Patch(BOX)], "fill")
    monkeypatch.setattr(redaction, "redact", lambda *_, **__: done)
    with refused("changed"):
        cleaning.clean(several, calm(b""), calm, plan)


# ---------------------------------------------------------------- it was wholly looked at


def outcome(name: str = "face", status: Status = Status.OK, reason: str | None = None) -> DetectorOutcome:
    return DetectorOutcome(name, status, reason)


GAPS = {
    "failed": (outcome(status=Status.FAILED, reason="crash: ValueError"), "not_wholly"),
    "not installed": (outcome(status=Status.SKIPPED, reason="not_installed"), "not_wholly"),
    "out of budget": (outcome(status=Status.SKIPPED, reason="budget"), "not_wholly"),
    "some of the pages": (outcome("pages", Status.SKIPPED, "budget"), "pages"),
}


@pytest.mark.parametrize("gap", sorted(GAPS))
@pytest.mark.parametrize("look", ["first", "second", "second, with something hidden"])
def test_a_look_with_a_gap_proves_nothing(gap: str, look: str) -> None:
    row, key = GAPS[gap]
    photo = Photo.open(s.coded("PNG"))
    whole, partly = (Report(PhotoInfo("photo"), "0", detectors=(d,)) for d in (outcome(), row))
    plan = CleanPlan(boxes=(BOX,)) if look.endswith("hidden") else CleanPlan()
    assert cleaning.clean(photo, whole, lambda data: whole, plan).data
    with refused(key):
        first, second = (partly, whole) if look == "first" else (whole, partly)
        cleaning.clean(photo, first, lambda data: second, plan)


@pytest.mark.parametrize("look", ["first", "second"])
def test_a_photo_that_could_not_be_seen_proves_nothing(look: str) -> None:
    photo = Photo.open(s.coded("PNG"))
    whole = Report(PhotoInfo("photo"), "0")
    broken = replace(whole, error=ReportError("corrupt", "broken"))
    with refused("not_inspected"):
        first, second = (broken, whole) if look == "first" else (whole, broken)
        cleaning.clean(photo, first, lambda data: second, CleanPlan())


@pytest.mark.parametrize("reason", ["requested", "not_applicable"])
def test_what_was_not_asked_for_is_no_gap(reason: str) -> None:
    report = Report(PhotoInfo("photo"), "0", detectors=(outcome(status=Status.SKIPPED, reason=reason),))
    verify.wholly_inspected(report, pages=True)


# ---------------------------------------------------------------- the second look finds nothing


def found(kind: Kind, confidence: float = 0.9, place: Any = None) -> Report:
    finding = Finding(kind, confidence, place or Region(BOX), "test", "test", "AB12CDE")
    return Report(PhotoInfo("photo"), "0", (finding,))


LEFT = {
    "beside the patch": (found(Kind.PLATE), [Patch(Box(0, 0, 50, 50))], True, (1, 1)),
    "half in the patch": (found(Kind.PLATE), [Patch(Box(BOX.x, BOX.y, BOX.w // 2, BOX.h))], True, (1, 1)),
    "in the patch": (found(Kind.PLATE), [Patch(BOX)], True, (0, 0)),
    "in a blurred patch": (found(Kind.PLATE), [Patch(BOX)], False, (1, 1)),
    "on another page than the patch": (found(Kind.PLATE), [Patch(BOX, 1)], True, (1, 1)),
    "unsure": (found(Kind.PLATE, 0.2), [], True, (0, 0)),
    "unsure, at the edge of a patch": (
        found(Kind.PLATE, 0.2),
        [Patch(Box(BOX.x, BOX.y, BOX.w // 2, BOX.h))],
        True,
        (1, 0),
    ),
    "unsure, a face in a blurred patch": (found(Kind.FACE, 0.2), [Patch(BOX)], False, (1, 1)),
    "unsure, a plate in a blurred patch": (found(Kind.PLATE, 0.2), [Patch(BOX)], False, (1, 0)),
    "of little harm": (found(Kind.TEXT_URL), [], True, (0, 0)),
}


@pytest.mark.parametrize("case", sorted(LEFT))
def test_what_a_second_look_still_finds(case: str) -> None:
    report, patches, opaque, (findings, sure) = LEFT[case]
    left = verify.left_over(report, CleanPlan(), patches, opaque)
    assert (len(left.findings), len(left.sure)) == (findings, sure)


@pytest.mark.parametrize(
    "kind", [Kind.METADATA_GPS, Kind.METADATA_DATETIME, Kind.METADATA_PERSON, Kind.METADATA_SERIAL]
)
def test_what_a_copy_says_of_itself_is_refused_unless_kept(kind: Kind) -> None:
    report = found(kind, place=Field("jpeg/exif", "any"))
    with refused("metadata_left"):
        verify.left_over(report, CleanPlan(), (), True)
    lenient = CleanPlan(keep=("date", "copyright", "pages"), coarsen_gps="city")
    if kind is Kind.METADATA_SERIAL:
        with refused("metadata_left"):
            verify.left_over(report, lenient, (), True)
    else:
        assert verify.left_over(report, lenient, (), True).findings == ()


def test_what_can_not_be_hidden_for_good_is_refused() -> None:
    stubborn = lambda data: found(Kind.PLATE, place=Region(Box(10, 10, 30, 30)))  # noqa: E731
    photo = Photo.open(s.coded("PNG"))
    with refused("not_hidden"):
        cleaning.clean(photo, stubborn(b""), _elsewhere, CleanPlan())


def _elsewhere(data: bytes) -> Report:
    """A look that finds a plate in whatever is not black yet, for ever: where there is light there is one."""
    pixels = Photo.open(data).pixels().max(axis=-1)
    rows, columns = np.nonzero(pixels > 60)
    y, x = int(rows[0]), int(columns[0])
    return found(Kind.PLATE, place=Region(Box(x, y, 2, 2)))


# ---------------------------------------------------------------- what is said


def _kept(plan: CleanPlan, report: Report | None = None) -> cleaning.Receipt:
    position = {
        piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: ((3, 1), (8, 1), (1234, 100)),
        piexif.GPSIFD.GPSLongitudeRef: b"E", piexif.GPSIFD.GPSLongitude: ((101, 1), (41, 1), (5678, 100)),
    }  # fmt: skip
    exif = piexif.dump({
        "0th": {piexif.ImageIFD.Copyright: NOTICE.encode(), piexif.ImageIFD.Orientation: 6},
        "Exif": {piexif.ExifIFD.DateTimeOriginal: b"2026:01:02 03:04:05"}, "GPS": position,
    })  # fmt: skip
    return cleaning.clean(Photo.open(s.coded("JPEG", exif=exif)), report, None, plan).receipt


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_proof_names_what_was_kept(language: str) -> None:
    bare = _kept(CleanPlan(metadata_only=True, keep=())).summary(language)
    needed = _kept(CleanPlan(metadata_only=True)).summary(language)
    kept = _kept(CleanPlan(metadata_only=True, keep=("date", "copyright"), coarsen_gps="city"))
    said = kept.summary(language)
    assert len({bare, needed, said}) == 3
    from photoscan.catalog import text

    names = [text(f"clean.keeps.{part}", language) for part in ("copyright", "date", "position.city")]
    assert ", ".join(names) in said
    assert not [name for name in names if name in bare]
    assert text("clean.keeps.orientation", language) in needed
    for words in (said, kept.text(language), str(kept.to_dict(language))):
        assert text("clean.proof.no_metadata", language) not in words
        assert text("clean.proof.no_value", language) not in words
        assert "2026:01:02" not in words
        assert "Aina" not in words


def test_what_was_kept_can_be_read_by_programs() -> None:
    row = _kept(
        CleanPlan(metadata_only=True, keep=("date", "copyright", "orientation"), coarsen_gps="country")
    ).to_dict()
    assert row["receipt_version"] == "2.2"
    assert row["kept_parts"] == [
        {"part": "orientation"}, {"part": "copyright"}, {"part": "date"},
        {"part": "position", "km": 80, "coarseness": "country"},
    ]  # fmt: skip
    assert len(row["kept"]) == 4


def test_whatever_can_be_kept_has_a_short_name() -> None:
    names = [*KEEPABLE, *(f"position.{coarseness}" for coarseness in COARSENESS)]
    assert [name for name in names if not has(f"clean.keeps.{name}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_picture_that_nobody_looked_at_that_is_said(language: str) -> None:
    from photoscan.catalog import text

    unseen, untouched = (text(f"clean.note.{key}", language) for key in ("unseen", "untouched"))
    for plan in (CleanPlan(metadata_only=True), CleanPlan(metadata_only=True, keep=("date",))):
        receipt = _kept(plan)
        for words in (receipt.summary(language), receipt.text(language), str(receipt.to_dict(language))):
            assert unseen in words
            assert untouched not in words
        looked = _kept(plan, Report(PhotoInfo("photo"), "0"))
        assert untouched in looked.summary(language)
        assert unseen not in looked.summary(language)
    photo = Photo.open(s.coded("PNG"))
    assert unseen in cleaning.foresee(photo, None, CleanPlan(metadata_only=True)).text(language)
    calm = Report(PhotoInfo("photo"), "0")
    assert unseen not in cleaning.clean(photo, calm, lambda data: calm, CleanPlan()).receipt.summary(language)


def test_entries_of_a_photo_are_what_is_looked_for() -> None:
    """A value that stands in the file but was never read as metadata is the picture's own business."""
    nothing = Metadata((), "photo")
    something = Metadata((Entry("exif", "Artist", SECRET, raw=RAW),), "photo")
    data = s.coded("PNG", s.small()) + RAW
    assert not verify.value_left(data, Format.PNG, nothing, Keep())
    assert verify.value_left(data, Format.PNG, something, Keep())
    assert metadata.read(data, Format.PNG, "photo").entries

"""Long animations: frames of their whole length are looked at and told, and the policy says whether they suffice."""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import Scanner, ScanOptions
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan
from photoscan.decode import survey
from photoscan.looking import PAGES
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.risk.policy import Policy
from photoscan.safe_copy import make_safe_copy

CODES = ScanOptions(only=("code",))
MILD = {"name": "mild", "version": "1"}


def ground(level: int = 200) -> Image.Image:
    return Image.new("RGB", (160, 160), (level, level, level))


def with_code() -> Image.Image:
    frame = ground()
    code = np.array(
        zxingcpp.create_barcode("https://example.org/kite", zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    )
    frame.paste(Image.fromarray(code), (10, 10))
    return frame


def animation(frames: list[Image.Image], format_: str = "GIF") -> bytes:
    # Frames that are the same would be joined: each has a mark of its own.
    for i, frame in enumerate(frames):
        frame.putpixel((159, i % 160), (i % 256, 255 - i % 256, 7))
    out = io.BytesIO()
    options = {"lossless": True} if format_ == "WEBP" else {}
    frames[0].save(out, format_, save_all=True, append_images=frames[1:], duration=40, **options)
    return out.getvalue()


def shown_at(place: int, count: int, format_: str = "GIF") -> bytes:
    return animation([with_code() if i == place else ground() for i in range(count)], format_)


def outcome(report: Report) -> str | None:
    return next((o.reason for o in report.detectors if o.name == "pages"), None)


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP"])
@pytest.mark.parametrize("place", [0, 5, 13, 29])
def test_what_one_frame_alone_shows_is_found_wherever_it_is(place: int, format_: str) -> None:
    report = Scanner(CODES, Policy.parse(MILD)).scan(shown_at(place, 30, format_))
    assert [f.location.page or 0 for f in report.findings if f.kind.value == "code.qr"] == [place]  # type: ignore[union-attr]
    assert outcome(report) == "sampled"
    assert report.decision.complete


def test_the_policy_says_whether_samples_suffice() -> None:
    data = animation([ground(100 + 9 * i) for i in range(12)])
    for suffices, verdict in ((True, "allow"), (False, "incomplete")):
        report = Scanner(CODES, Policy.parse(MILD | {"samples_suffice": suffices})).scan(data)
        assert outcome(report) == "sampled"
        assert report.verdict == verdict
        assert report.decision.complete == suffices
    assert not Policy.load("strict").samples_suffice
    assert Policy.load("default").samples_suffice


@pytest.mark.parametrize("policy", ["platform", "strict"])
def test_of_one_whose_file_alone_is_looked_at_no_frame_is_missed(policy: str) -> None:
    data = animation([ground(100 + 4 * i) for i in range(30)])
    report = Scanner(ScanOptions(only=("metadata",)), policy).scan(data)
    assert (outcome(report), report.decision.coverage) == (None, "file")
    assert report.verdict == ("allow" if policy == "platform" else "incomplete")


def test_a_short_one_is_looked_at_whole_and_one_frame_is_no_sample() -> None:
    mild = Policy.parse(MILD)
    assert outcome(Scanner(CODES, mild).scan(shown_at(3, PAGES["balanced"]))) is None
    fast = Scanner(ScanOptions(only=("code",), profile="fast"), mild).scan(shown_at(3, 12))
    assert outcome(fast) == "budget"
    assert fast.verdict == "incomplete"


def test_pages_of_a_document_are_no_animation() -> None:
    out = io.BytesIO()
    ground().save(out, "TIFF", save_all=True, append_images=[ground() for _ in range(11)])
    assert not Photo.open(out.getvalue()).animated
    assert outcome(Scanner(CODES, Policy.parse(MILD)).scan(out.getvalue())) == "budget"


def test_a_sampled_animation_that_is_cut_short_is_incomplete() -> None:
    rows = np.random.default_rng(3).integers(0, 256, (11, 160, 160, 3), np.uint8)
    noisy, plain = animation([with_code(), *map(Image.fromarray, rows)]), shown_at(2, 30)
    assert Photo.open(noisy).whole
    for data in (noisy[: int(0.98 * len(noisy))], plain[: int(0.9 * len(plain))]):
        report = Scanner(CODES, Policy.parse(MILD)).scan(data)
        assert report.verdict == "incomplete"
        assert [f.kind.value for f in report.findings] == ["code.qr"]


def test_wherever_a_gif_is_cut_it_is_known_or_ends_with_a_frame() -> None:
    data = shown_at(1, 3)
    assert Photo.open(data[:-1]).whole  # no trailer: some programs write none
    for end in range(400, len(data) - 1, 7):
        photo = Photo.open(data[:end])
        assert photo.frames <= 3
        assert not photo.whole or data[end] in (0x21, 0x2C)


def test_of_what_was_sampled_there_is_no_copy_with_covers() -> None:
    scanner = Scanner(CODES, Policy.parse(MILD))
    with pytest.raises(RefusedError) as refused:
        make_safe_copy(Photo.open(shown_at(5, 30)), scanner, CleanPlan(redact=("code",)))
    assert "frames" in str(refused.value)


@given(st.integers(2, 12), st.integers(1, 60), st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_a_sample_rises_from_the_first_to_the_last(count: int, frames: int, seed: int, levels: int) -> None:
    thumbnails = np.random.default_rng(seed).integers(0, levels, (frames, 5)).astype(np.float32)
    for chosen in (survey.unlike(thumbnails, count), survey.even(frames, count)) if frames > count else ():
        assert chosen[0] == 0
        assert chosen[-1] == frames - 1
        assert list(chosen) == sorted(set(chosen))
        assert len(chosen) == count


def test_frames_that_are_alike_are_taken_at_even_distances() -> None:
    assert survey.unlike(np.zeros((17, 4), np.float32), 5) == (0, 4, 8, 12, 16)


def test_of_what_cannot_be_decoded_frames_are_taken_at_even_distances() -> None:
    photo = Photo.open(shown_at(5, 30))
    assert survey.sample(b"GIF89a", photo.format, 30, 100, 4) == (0, 10, 19, 29)
    assert survey.sample(b"", photo.format, 3, 100, 4) == (0, 1, 2)
    with pytest.raises(ValueError, match="two"):
        survey.sample(b"", photo.format, 30, 100, 1)

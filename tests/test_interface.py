"""What a program can give: what is right is taken in every plain form, what is wrong is told as it is given."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import photoscan
from photoscan import (
    Box,
    CleaningError,
    CleanPlan,
    IgnoredRegion,
    Kind,
    KindRule,
    KnownValue,
    Limits,
    Policy,
    Redaction,
    Report,
    Scanner,
    ScanOptions,
    UsageError,
    clean,
    clean_async,
    scan,
    scan_async,
)
from photoscan.formats import Format

ONLY_FILE = ScanOptions(only=("metadata",))


def photo() -> bytes:
    """A small JPEG that says when it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2024:05:01 10:00:00"
    Image.new("RGB", (64, 48), (90, 120, 90)).save(out, "JPEG", exif=exif)
    return out.getvalue()


PHOTO = photo()

WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: ScanOptions(only="metadata"), "'only' has to be a tuple of words"),  # type: ignore[arg-type]
    (lambda: ScanOptions(skip="face"), "'skip' has to be a tuple of words"),  # type: ignore[arg-type]
    (lambda: ScanOptions(only=(1,)), "'only'"),  # type: ignore[arg-type]
    (lambda: ScanOptions(only=("fase",)), "unknown kind 'fase'"),
    (lambda: ScanOptions(threads=0), "'threads' has to be a whole number of at least 1"),
    (lambda: ScanOptions(threads=1.5), "'threads'"),  # type: ignore[arg-type]
    (lambda: ScanOptions(threads=True), "'threads'"),
    (lambda: ScanOptions(profile="slow"), "unknown profile 'slow'"),  # type: ignore[arg-type]
    (lambda: ScanOptions(language="fr"), "unknown language 'fr'"),
    (lambda: ScanOptions(people=7), "'people'"),  # type: ignore[arg-type]
    (lambda: ScanOptions(caption=b"x"), "'caption'"),  # type: ignore[arg-type]
    (lambda: ScanOptions(policy=None), "'policy'"),  # type: ignore[arg-type]
    (lambda: ScanOptions(limits=5), "'limits' has to be of the type Limits"),  # type: ignore[arg-type]
    (lambda: Limits(max_bytes=0), "'max_bytes'"),
    (lambda: Limits(max_pixels="many"), "'max_pixels'"),  # type: ignore[arg-type]
    (lambda: CleanPlan(to="gif"), "can't convert to gif: use jpeg, png"),  # type: ignore[arg-type]
    (lambda: CleanPlan(to=5), "can't convert to 5"),  # type: ignore[arg-type]
    (lambda: CleanPlan(redact="face"), "'redact' has to be a tuple"),  # type: ignore[arg-type]
    (lambda: CleanPlan(redact=("fase",)), "unknown kind"),
    (lambda: CleanPlan(keep="icc"), "'keep' has to be a tuple"),  # type: ignore[arg-type]
    (lambda: CleanPlan(keep=("gsp",)), "can't keep 'gsp'"),
    (lambda: CleanPlan(keep_faces="Aina"), "'keep_faces'"),  # type: ignore[arg-type]
    (lambda: CleanPlan(style="smear"), "unknown style 'smear'"),  # type: ignore[arg-type]
    (lambda: CleanPlan(boxes=(1, 2, 3, 4)), "Box(x, y, width, height)"),  # type: ignore[arg-type]
    (lambda: CleanPlan(boxes=((1, 2, 3),)), "Box(x, y, width, height)"),  # type: ignore[arg-type]
    (lambda: CleanPlan(boxes=((1, 2, 3, 4.5),)), "Box(x, y, width, height)"),  # type: ignore[arg-type]
    (lambda: CleanPlan(boxes=(Box(1, 2, 0, 4),)), "at least 1"),
    (lambda: CleanPlan(metadata_only="no"), "'metadata_only' has to be True or False"),  # type: ignore[arg-type]
    (lambda: CleanPlan(sure=50), "'sure' has to be a number from 0 to 1"),
    (lambda: CleanPlan(allowed=frozenset({"text"})), "complete kinds"),  # type: ignore[arg-type]
    (lambda: CleanPlan(coarsen_gps="street"), "can't coarsen"),  # type: ignore[arg-type]
    (lambda: Policy(kinds={"text.secret": "blok"}), "did you mean 'block'"),  # type: ignore[dict-item]
    (lambda: Policy(kinds={"text.secrt": "block"}), "did you mean 'text.secret'"),
    (lambda: Policy(kinds="text"), "'kinds' has to be a table"),  # type: ignore[arg-type]
    (lambda: Policy(kinds={"face": KindRule("block", 7)}), "from_confidence"),
    (lambda: Policy(review_from="hgh"), "did you mean 'high'"),
    (lambda: Policy(minimum_confidence=50), "'minimum_confidence'"),
    (lambda: Policy(required="gps"), "'required' has to be a list of texts"),  # type: ignore[arg-type]
    (lambda: Policy(name=""), "'name'"),
    (lambda: Policy(redaction=Redaction(style="smear")), "'style'"),  # type: ignore[arg-type]
    (lambda: Policy(redaction="face"), "'redaction' has to be a table"),  # type: ignore[arg-type]
    (lambda: Policy(ignore=(IgnoredRegion((0, 0, 2, 1)),)), "'box' has to be"),
    (lambda: Policy(allow=(KnownValue(Kind.PLATE, "BQU 5613"),)), "64 hexadecimal digits"),
    (lambda: Scanner({"only": "face"}), "'options' has to be of the type ScanOptions"),  # type: ignore[arg-type]
    (lambda: Scanner(policy=Path("x")), "'policy' has to be of the type Policy"),  # type: ignore[arg-type]
    (lambda: Scanner(policy=Policy(required=("gsp",))), "requires the detector 'gsp'"),
    (lambda: scan(PHOTO, policy="strikt"), "did you mean 'strict'"),
    (lambda: clean(PHOTO, plan={"to": "png"}), "'plan' has to be of the type CleanPlan"),  # type: ignore[arg-type]
    (lambda: clean(PHOTO, report={"a": 1}), "'report' has to be of the type Report"),  # type: ignore[arg-type]
    (lambda: clean(PHOTO, scanner=ScanOptions()), "'scanner' has to be of the type Scanner"),  # type: ignore[arg-type]
    (lambda: clean(PHOTO, options=ONLY_FILE, scanner=Scanner(ONLY_FILE)), "its own"),
    (lambda: clean(PHOTO, policy=Policy(), scanner=Scanner(ONLY_FILE)), "its own"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_is_wrong_is_told_as_it_is_given(number: int) -> None:
    make, words = WRONG[number]
    with pytest.raises(UsageError) as caught:
        make()
    assert words in str(caught.value)
    for language in ("ms", "id", "pt-BR"):
        assert caught.value.text(language) != str(caught.value)


def test_what_is_right_is_taken_in_every_plain_form() -> None:
    assert ScanOptions(only=["metadata", "face"]).only == ("metadata", "face")  # type: ignore[arg-type]
    assert ScanOptions(people="people.json").people == Path("people.json")  # type: ignore[arg-type]
    assert CleanPlan(to="png") == CleanPlan(to=Format.PNG)
    assert CleanPlan(to="png").target is Format.PNG
    assert CleanPlan(boxes=[(1, 2, 3, 4)]) == CleanPlan(boxes=(Box(1, 2, 3, 4),))  # type: ignore[arg-type]
    assert CleanPlan(redact=["face"]).redact == ("face",)  # type: ignore[arg-type]
    assert CleanPlan(allowed={"plate"}).allowed == {Kind.PLATE}  # type: ignore[arg-type]
    short, long = Policy(kinds={"text.secret": "block"}), Policy(kinds={"text.secret": KindRule("block")})
    assert short == long
    assert short.rule(Kind.TEXT_SECRET) == KindRule("block")
    assert Policy(redaction={"kinds": ["face"]}) == Policy(redaction=Redaction(("face",)))  # type: ignore[arg-type]


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 3), st.floats(allow_nan=True), st.text(max_size=4), st.binary(max_size=2),
    st.sampled_from(["face", "icc", "block", "high", Kind.PLATE, Format.PNG, Box(1, 2, 3, 4), KindRule("block")]),
)  # fmt: skip
ODD = st.one_of(JUNK, st.lists(JUNK, max_size=3), st.lists(JUNK, max_size=2).map(tuple), st.dictionaries(JUNK, JUNK))


@given(st.sampled_from([ScanOptions, CleanPlan, Policy, Limits]), st.data())
def test_whatever_is_given_is_taken_or_refused_in_words(sort: Any, data: st.DataObject) -> None:
    names = st.sampled_from(sorted(sort.__dataclass_fields__))
    chosen = data.draw(st.dictionaries(names, ODD, max_size=2))
    with contextlib.suppress(UsageError):
        made = sort(**chosen)
        assert sort(**{name: getattr(made, name) for name in sort.__dataclass_fields__}) == made


def test_a_policy_of_ones_own_decides() -> None:
    strict = Policy(name="dates", kinds={"metadata.datetime": "block"})
    assert scan(PHOTO, ONLY_FILE).verdict != "block"
    report = scan(PHOTO, ONLY_FILE, strict)
    assert report.verdict == "block"
    assert report.policy == {"name": "dates", "version": "1"}
    assert Scanner(ONLY_FILE, "strict").policy == Policy.load("strict")
    assert Scanner(ScanOptions(only=("metadata",), policy="strict")).policy == Policy.load("strict")


def test_clean_takes_options_and_a_policy() -> None:
    limits = ScanOptions(limits=Limits(max_bytes=100))
    with pytest.raises(photoscan.TooLargeError):
        clean(PHOTO, plan=CleanPlan(metadata_only=True), options=limits)
    result = clean(PHOTO, plan=CleanPlan(metadata_only=True, keep=("icc", "orientation", "date")))
    assert b"2024:05:01" in result.data
    assert b"2024:05:01" not in clean(PHOTO, plan=CleanPlan(metadata_only=True)).data
    with pytest.raises(CleaningError):
        clean(PHOTO, report=scan(photo()[:-2] + b"\xff\xd9\x00", ONLY_FILE), plan=CleanPlan(metadata_only=True))


def test_the_async_forms_leave_the_loop_free() -> None:
    async def both() -> tuple[Report, bytes, int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        ticking = asyncio.create_task(tick())
        report = await scan_async(PHOTO, ONLY_FILE, "strict")
        again = await scan_async(PHOTO, scanner=Scanner(ONLY_FILE))
        assert [f.kind for f in again.findings] == [f.kind for f in report.findings]
        result = await clean_async(PHOTO, plan=CleanPlan(metadata_only=True))
        ticking.cancel()
        return report, result.data, ticks

    report, data, ticks = asyncio.run(both())
    assert report.policy["name"] == "strict"
    assert data == clean(PHOTO, plan=CleanPlan(metadata_only=True)).data
    assert ticks > 0
    with pytest.raises(UsageError, match="its own"):
        asyncio.run(scan_async(PHOTO, ONLY_FILE, scanner=Scanner(ONLY_FILE)))

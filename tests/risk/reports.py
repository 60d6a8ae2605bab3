"""What the risk tests share: findings and reports made of words, and strategies that make any report whatever."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from photoscan.finding import Field, Finding, Region, Span, with_ids
from photoscan.geometry import Box
from photoscan.kind import Kind, Severity
from photoscan.report import DetectorOutcome, PhotoInfo, Report, Status
from photoscan.risk.policy import Policy

DEFAULT = Policy.load("default")
ALL_DONE = tuple(DetectorOutcome(name, Status.OK) for name in Policy.load("strict").required)
INFO = PhotoInfo("photo.jpg", "0" * 64, 1000, "jpeg", 1000, 800)


def finding(word: str, value: str = "value") -> Finding:
    """A finding from 'kind', 'kind@confidence' or 'kind!severity'; confidence .95 where none is given."""
    kind, _, confidence = word.partition("@")
    kind, _, severity = kind.partition("!")
    return Finding(
        Kind(kind),
        float(confidence or 0.95),
        Span((0,)),
        "test",
        "because",
        value,
        severity_override=Severity.parse(severity) if severity else None,
    )


def report(*words: str, outcomes: tuple[DetectorOutcome, ...] = ALL_DONE) -> Report:
    """A report of a photo in which these were found, and every detector ran unless said otherwise."""
    return made(*(finding(word, f"value {i}") for i, word in enumerate(words)), outcomes=outcomes)


def pictured(*words: str) -> Report:
    """The same, each found at a place of its own in the picture."""
    places = (Region(Box(20 * i, 0, 10, 10)) for i in range(len(words)))
    return made(*(replace(finding(word), location=place) for word, place in zip(words, places, strict=True)))


def made(*findings: Finding, outcomes: tuple[DetectorOutcome, ...] = ALL_DONE) -> Report:
    return Report(INFO, "0", with_ids(findings), outcomes)


places = st.one_of(
    st.builds(Span, st.tuples(st.integers(0, 3))),
    st.builds(Field, st.just("jpeg/exif"), st.sampled_from(["Artist", "GPSLatitude"]), st.integers(0, 99)),
    st.builds(
        Region,
        st.builds(Box, st.integers(0, 900), st.integers(0, 700), st.integers(1, 100), st.integers(1, 100)),
    ),
)
any_finding = st.builds(
    Finding,
    kind=st.sampled_from(list(Kind)),
    confidence=st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.49, 0.5, 1.0])),
    location=places,
    detector=st.just("test"),
    reason=st.just("because"),
    value=st.one_of(st.none(), st.sampled_from(["BQU 5613", "3.1390, 101.6869", "Jalan Melati 4"])),
    severity_override=st.one_of(st.none(), st.sampled_from(Severity)),
    attributes=st.sampled_from([{}, {}, {"age_group": "adult"}, {"age_group": "possible minor"}]),
)
findings = st.lists(any_finding, max_size=12)

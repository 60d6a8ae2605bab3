"""What a finding means and what to do about it, in plain words."""

from __future__ import annotations

from photoscan.catalog import country, text
from photoscan.finding import Finding
from photoscan.kind import Kind, Severity
from photoscan.risk import exempt

ALLOWED = "allowed"
"""The attribute of a finding whose kind the policy lets pass."""
_SHOWS = {
    "the same as the photo": "same",
    "something else than the photo": "other",
    "another shape than the photo": "shape",
}
"""What a preview may show (`detectors.hidden_parts`), and the word for it in the keys `detail.preview.<word>`."""


def explain(finding: Finding, language: str) -> str:
    """Why this matters, with what is known about it; never the value in clear."""
    words = [text(f"kind.{finding.kind.value}.why", language)]
    known = finding.attributes
    if shown := shows(finding):
        words = [text(f"detail.preview.{shown}", language), text(f"detail.preview.{shown}.why", language)]
    elif finding.kind is Kind.METADATA_GPS:
        words.insert(0, _town(finding, language))
    elif finding.kind.within(Kind.FACE):
        words += _age(finding, language)
    elif finding.kind is Kind.PLATE and known.get("country"):
        words.insert(0, text("detail.country", language, country=country(str(known["country"]), language)))
    if known.get("hidden"):
        words.insert(0, text(f"detail.hidden.{known['hidden']}", language))
    return " ".join(words)


def shows(finding: Finding) -> str | None:
    """What a preview shows beside the photo: 'same', 'other' or 'shape'; None where that is not known."""
    return _SHOWS.get(str(finding.attributes.get("shows", "")))


def advice(finding: Finding, language: str) -> str:
    """What to do about it, as sure as the finding is; empty for what does not count.

    What is only possible, does little harm, or is allowed is never told to be hidden without a condition: the headline
    may say that the photo is fine.
    """
    if exempt.is_exempt(finding):
        return ""
    said = text(f"kind.{finding.kind.value}.do", language)
    if ALLOWED in finding.attributes:
        return text("advice.allowed", language, advice=_inside(said))
    if not finding.likely:
        return text("advice.possible", language, advice=_inside(said))
    if finding.severity is Severity.LOW < finding.kind.severity:
        return text("advice.little", language, advice=_inside(said))
    return said


def _inside(sentence: str) -> str:
    """A sentence behind a colon."""
    return sentence[:1].lower() + sentence[1:]


def _town(finding: Finding, language: str) -> str:
    known = finding.attributes
    if not known.get("town"):
        return text("detail.no_town", language)
    where = country(str(known.get("country", "")), language)
    return text("detail.town", language, town=known["town"], country=where, distance_km=known.get("distance_km", 0))


def _age(finding: Finding, language: str) -> list[str]:
    """What is known of the age, with the measured rates of error (models/age/README.md)."""
    group = finding.attributes.get("age_group")
    if finding.kind is Kind.FACE_KNOWN or group in (None, "adult"):
        return []
    stated = group == "child" and finding.value is not None
    return [text(f"detail.age.{'stated' if stated else group}", language)]

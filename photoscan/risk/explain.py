"""What a finding means and what to do about it, in plain words."""

from __future__ import annotations

from photoscan.catalog import country_key, has, text
from photoscan.errors import Phrase, Phrases, phrase
from photoscan.finding import Finding
from photoscan.kind import Kind, Severity
from photoscan.risk import alone, exempt

ALLOWED = "allowed"
"""The attribute of a finding whose kind the policy lets pass."""
_SHOWS = {
    "the same as the photo": "same",
    "something else than the photo": "other",
    "more than the photo": "more",
    "another shape than the photo": "shape",
}
"""What a preview may show (`detectors.hidden_parts`), and the word for it in the keys `detail.preview.<word>`."""


def why(finding: Finding) -> Phrase:
    """Why findings of its kind matter."""
    return phrase(f"kind.{finding.kind.value}.why")


def explained(finding: Finding) -> Phrases:
    """Why this matters, with what is known about it, sentence by sentence; never the value in clear."""
    said = [why(finding)]
    known = finding.attributes
    if shown := shows(finding):
        said = [phrase(f"detail.preview.{shown}"), phrase(f"detail.preview.{shown}.why")]
    elif known.get("harmless"):
        said = [phrase("detail.harmless")]
    elif key := _payload(finding):
        said = [phrase(key)]
    elif finding.kind is Kind.METADATA_GPS:
        said.insert(0, _town(finding))
    elif known.get("position"):
        said = [_town(finding)] if known.get("town") else []
        said.append(phrase("detail.position.why"))
    elif finding.kind.within(Kind.FACE):
        said += _age(finding)
    elif finding.kind is Kind.PLATE and known.get("country"):
        said.insert(0, phrase("detail.country", country=_country(known["country"])))
    if known.get("hidden"):
        said.insert(0, phrase(f"detail.hidden.{known['hidden']}"))
    if known.get("covered"):
        said.insert(0, phrase(f"detail.covered.{known['covered']}"))
    return Phrases(tuple(said), " ")


def explain(finding: Finding, language: str) -> str:
    """The same in a language."""
    return explained(finding).text(language)


def shows(finding: Finding) -> str | None:
    """What a preview shows beside the photo: 'same', 'other', 'more' or 'shape'; None where that is not known."""
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
    if alone.ATTRIBUTE in finding.attributes:
        return text("advice.notice", language, advice=_inside(said))
    if finding.severity is Severity.LOW < finding.kind.severity:
        return text("advice.little", language, advice=_inside(said))
    return said


def _inside(sentence: str) -> str:
    """A sentence behind a colon."""
    return sentence[:1].lower() + sentence[1:]


def _payload(finding: Finding) -> str:
    """The key of what is known of a code's payload; empty where its kind says all, or nothing is known."""
    sort = finding.attributes.get("payload")
    if sort == "wifi" and not finding.attributes.get("value_password"):
        sort = "wifi_open"
    key = f"detail.code.{sort}"
    return key if finding.kind in (Kind.CODE_QR, Kind.CODE_BARCODE) and has(key) else ""


def _town(finding: Finding) -> Phrase:
    known = finding.attributes
    if not known.get("town"):
        return phrase("detail.no_town")
    where = _country(known.get("country", ""))
    return phrase("detail.town", town=known["town"], country=where, distance_km=known.get("distance_km", 0))


def _country(name: object) -> Phrase:
    return phrase(country_key(str(name)))


def _age(finding: Finding) -> list[Phrase]:
    """What is known of the age, with the measured rates of error (models/age/README.md)."""
    group = finding.attributes.get("age_group")
    if finding.kind is Kind.FACE_KNOWN or group in (None, "adult"):
        return []
    stated = group == "child" and finding.value is not None
    return [phrase(f"detail.age.{'stated' if stated else group}")]

"""What a finding means, in plain words."""

from __future__ import annotations

from photoscan.catalog import country, text
from photoscan.finding import Finding
from photoscan.kind import Kind


def explain(finding: Finding, language: str) -> str:
    """Why this matters, with what is known about it; never the value in clear."""
    words = [text(f"kind.{finding.kind.value}.why", language)]
    known = finding.attributes
    if finding.kind is Kind.METADATA_GPS:
        words.insert(0, _town(finding, language))
    elif finding.kind.within("face"):
        words += _age(finding, language)
    elif finding.kind is Kind.PLATE and known.get("country"):
        words.insert(0, text("detail.country", language, country=country(str(known["country"]), language)))
    if known.get("hidden"):
        words.insert(0, text(f"detail.hidden.{known['hidden']}", language))
    return " ".join(words)


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

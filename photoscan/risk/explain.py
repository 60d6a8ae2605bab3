"""What a finding means, in plain words."""

from __future__ import annotations

from photoscan.catalog import text
from photoscan.finding import Finding
from photoscan.kind import Kind


def explain(finding: Finding, language: str) -> str:
    """Why this matters, with what is known about it; never the value in clear."""
    words = [text(f"kind.{finding.kind.value}.why", language)]
    known = finding.attributes
    if finding.kind is Kind.METADATA_GPS:
        words.insert(
            0, text("detail.town", language, **known) if known.get("town") else text("detail.no_town", language)
        )
    elif finding.kind.within("face"):
        words += _age(finding, language)
    elif finding.kind is Kind.PLATE and known.get("country"):
        words.insert(0, text("detail.country", language, country=known["country"]))
    return " ".join(words)


def _age(finding: Finding, language: str) -> list[str]:
    """What is known of the age, with the measured rates of error (models/age/README.md)."""
    group = finding.attributes.get("age_group")
    if finding.kind is Kind.FACE_KNOWN or group in (None, "adult"):
        return []
    stated = group == "child" and finding.value is not None
    return [text(f"detail.age.{'stated' if stated else group}", language)]

"""Every form of plates against its own samples, and what is never a plate."""

from __future__ import annotations

import pytest

from photoscan.plate_formats import formats, match

FORMS = list(formats())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.code} {' '.join(form.runs)}")
def test_samples_of_a_form(form: object) -> None:
    assert form.source  # type: ignore[attr-defined]
    for sample in form.samples:  # type: ignore[attr-defined]
        found = match(sample)
        assert found is not None, sample
        assert form.country in found.countries, sample  # type: ignore[attr-defined]
    for sample in form.not_samples:  # type: ignore[attr-defined]
        found = match(sample)
        assert found is None or form.country not in found.countries or found.text != sample or _other(form, sample), (
            sample
        )


def _other(form: object, sample: str) -> bool:
    """Whether another form of the same country takes the sample."""
    return any(
        other.strict.fullmatch(sample)
        for other in FORMS
        if other is not form and other.country == form.country  # type: ignore[attr-defined]
    )


READINGS = {
    "WKM 4821": ("WKM4821", "Malaysia"),
    "bqu-5613": ("BQU5613", "Malaysia"),
    "B 1974 KZR": ("B1974KZR", "Indonesia"),
    "QXP4J18": ("QXP4J18", "Brazil"),
    "LK58 ZRT": ("LK58ZRT", "United Kingdom"),
    "QXP4JI8": ("QXP4J18", "Brazil"),
}


@pytest.mark.parametrize("text", sorted(READINGS))
def test_readings(text: str) -> None:
    plate, country = READINGS[text]
    found = match(text)
    assert found is not None
    assert found.text == plate
    assert country in found.countries


NEVER = [
    "FENDI",
    "EXIT",
    "NO 27",
    "No.27",
    "LOT 5",
    "RM 15",
    "HINO300",
    "EURO3",
    "KM 12",
    "",
    "-",
    "12",
    "SALE 50%",
    "2026",
]


@pytest.mark.parametrize("text", NEVER)
def test_never_a_plate(text: str) -> None:
    assert match(text) is None

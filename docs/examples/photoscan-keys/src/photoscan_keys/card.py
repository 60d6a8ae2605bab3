"""The kind that this package brings along: its card, made known as the module is imported."""

import json
from importlib import resources

from photoscan import Card, Family, Severity, register

_TEXTS = json.loads(resources.files(__package__).joinpath("texts.json").read_text("utf-8"))

OBJECTS = Family(
    "object",
    "picture",
    colour="#7a6a2f",
    icon="M8 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M12 12h9 M18 12v3 M21 12v2",
    margin=(0.05, 0.05),
    label=_TEXTS["family"],
)
KEY = register(Card("object.key", Severity.HIGH, "nothing", OBJECTS, texts=_TEXTS["kind"]))

"""What an SVG needs to be drawn, by `rules/svg.toml`: elements, attributes, properties of style, and words in them."""

from __future__ import annotations

import tomllib

from photoscan import shipped

_LISTS = {name: frozenset(words.split()) for name, words in tomllib.loads(shipped.text("rules/svg.toml")).items()}
ELEMENTS = _LISTS["elements"]
TEXTS = _LISTS["texts"]
"""Elements whose characters are drawn."""
PROPERTIES = _LISTS["properties"]
"""Properties of style; nearly all also stand as attributes."""
ATTRIBUTES = (_LISTS["attributes"] | PROPERTIES) - _LISTS["not_attributes"]
WORDS = _LISTS["words"] | _LISTS["colours"] | PROPERTIES
"""Words with a meaning in values."""
FUNCTIONS, UNITS, CONDITIONS = _LISTS["functions"], _LISTS["units"], _LISTS["conditions"]

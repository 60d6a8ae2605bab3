"""Report formats. Adding one is one file and one line here."""

from __future__ import annotations

from photoscan.render.base import Renderer, RenderOptions
from photoscan.render.html import HtmlRenderer
from photoscan.render.json import JsonLinesRenderer, JsonRenderer
from photoscan.render.sarif import SarifRenderer
from photoscan.render.text import TextRenderer

__all__ = ["REGISTRY", "RenderOptions", "Renderer"]

REGISTRY: tuple[type[Renderer], ...] = (TextRenderer, JsonRenderer, JsonLinesRenderer, HtmlRenderer, SarifRenderer)

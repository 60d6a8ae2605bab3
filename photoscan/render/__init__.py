"""Report formats. Adding one is one file and one line here."""

from __future__ import annotations

from importlib import import_module

from photoscan.render.base import Renderer, RenderOptions

__all__ = ["REGISTRY", "RenderOptions", "Renderer", "renderer"]

REGISTRY: dict[str, str] = {
    "text": "text:TextRenderer",
    "json": "json:JsonRenderer",
    "jsonl": "json:JsonLinesRenderer",
    "html": "html:HtmlRenderer",
    "sarif": "sarif:SarifRenderer",
}
"""Name of each format to its module and class, which is loaded only when it is used."""


def renderer(name: str) -> type[Renderer]:
    """The renderer of a format; KeyError for a name that is none."""
    module, _, class_ = REGISTRY[name].partition(":")
    found: type[Renderer] = getattr(import_module(f"photoscan.render.{module}"), class_)
    return found

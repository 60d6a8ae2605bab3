"""The page of the Python interface: each public name, for Sphinx to fill in with its signature and docstring."""

from __future__ import annotations

import inspect

import photoscan


def pages() -> dict[str, str]:
    """The Markdown of the page by its path below `docs/`."""
    lines = [
        "# Python reference",
        "",
        "All that `import photoscan` promises, from the docstrings. Other modules are not public and may change.",
        "",
        "```{eval-rst}",
        ".. currentmodule:: photoscan",
        "```",
        "",
    ]
    for name in sorted(photoscan.__all__, key=str.casefold):
        lines += [f"## {name}", "", "```{eval-rst}", f".. {directive(getattr(photoscan, name))}:: {name}", "```", ""]
    return {"python-reference.md": "\n".join(lines)}


def directive(member: object) -> str:
    """The directive of Sphinx that documents a name."""
    if inspect.isclass(member):
        return "autoexception" if issubclass(member, BaseException) else "autoclass"
    return "autofunction" if inspect.isroutine(member) else "autodata"


def undocumented() -> list[str]:
    """Public names, and public methods and properties of public classes, that say nothing of themselves."""
    silent = []
    for name in photoscan.__all__:
        member = getattr(photoscan, name)
        if not inspect.getdoc(member):
            silent.append(name)
        if inspect.isclass(member):
            own = {key: value for key, value in vars(member).items() if not key.startswith("_")}
            silent += [f"{name}.{key}" for key, value in own.items() if _speaks(value) and not inspect.getdoc(value)]
    return silent


def _speaks(member: object) -> bool:
    return inspect.isroutine(member) or isinstance(member, (property, classmethod, staticmethod))

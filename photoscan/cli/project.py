"""A project's own settings: `photoscan.toml`, or `[tool.photoscan]` of a `pyproject.toml`, where the user works.

Such a file may come with somebody else's project and make an answer weaker: whenever it has a say, it is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from photoscan.catalog import LANGUAGES
from photoscan.cli.above import folders
from photoscan.cli.choices import LEVELS
from photoscan.cli.language import spoken
from photoscan.cli.pages import Paged
from photoscan.cli.paths import aside
from photoscan.errors import NotReadableError, Phrase, Phrases, UsageError, phrase, reason
from photoscan.escapes import visible
from photoscan.given import line_of, nearest
from photoscan.options import PROFILES

OWN = "photoscan.toml"
SHARED = "pyproject.toml"
_TEXTS = ("policy", "baseline")
_LISTS = ("exclude", "only", "skip")
_CHOICES: Mapping[str, tuple[str, ...]] = {"language": LANGUAGES, "profile": PROFILES, "fail_on": LEVELS}
KEYS = (*_TEXTS, *_LISTS, *_CHOICES)
"""What a project may settle. Never who is recognised, nor that values are shown: both are the user's alone."""
_OPTIONS = {"language": "lang"}
"""Options whose names differ from the keys."""
_META = "photoscan.project"


@dataclass(frozen=True, slots=True)
class Project:
    """The settings of one file, sound by themselves; paths in them count from the file's folder."""

    file: Path
    rows: Mapping[str, Any]

    def defaults(self) -> dict[str, Any]:
        """The settings by the names of options, as texts on a command line would be; without patterns to exclude."""
        found = {_OPTIONS.get(key, key): value for key, value in self.rows.items() if key != "exclude"}
        for key in _TEXTS:
            if (key == "baseline" and key in found) or _is_path(found.get(key, "")):
                found[key] = str(self.file.parent / found[key])
        return found


@dataclass(frozen=True, slots=True)
class Used:
    """What of a project's settings had a say in this call."""

    project: Project
    keys: tuple[str, ...]

    @property
    def patterns(self) -> tuple[str, ...]:
        """What is passed over in folders, counted from the folder of the file."""
        return tuple(self.project.rows.get("exclude", ()))

    def told(self) -> Phrase:
        """Which file, and which of its settings."""
        return phrase("cli.project", path=visible(str(self.project.file)), keys=", ".join(self.keys))

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"file": str(self.project.file), "keys": list(self.keys)}


class Configured(Paged):
    """A command whose options a project may settle: the command line outranks it, and what it settles is told."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, after the project's file was named if it has a say."""
        project = ctx.meta.get(_META)
        if isinstance(project, Project) and (keys := tuple(_in_force(ctx, project))):
            ctx.meta[_META] = used = Used(project, keys)
            aside(f"photoscan: {used.told().text(ctx.params.get('lang') or spoken())}")
        return super().invoke(ctx)


def used() -> Used | None:
    """What the command at hand took from its project; None where that is nothing."""
    context = click.get_current_context(silent=True)
    found = None if context is None else context.meta.get(_META)
    return found if isinstance(found, Used) else None


def _in_force(ctx: click.Context, project: Project) -> Iterator[str]:
    """The settings that this command has and the command line left alone."""
    for key in project.rows:
        source = ctx.get_parameter_source(_OPTIONS.get(key, key))
        if source is ParameterSource.DEFAULT_MAP or (key == "exclude" and source is not None and project.rows[key]):
            yield key


def _settle(ctx: click.Context, parameter: click.Parameter, ignored: bool) -> None:
    """Before any other option is looked at: what the project's file says becomes the options' defaults."""
    if ignored or ctx.resilient_parsing:
        return
    project = find()
    if project is not None:
        ctx.meta[_META] = project
        ctx.default_map = project.defaults()


_option = click.option(
    "--no-config",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_settle,
    help=f"Use no settings of a project ({OWN}, {SHARED}).",
)


def configured(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command of the class `Configured` the option that leaves the project's settings out."""
    return _option(command)


def find() -> Project | None:
    """The nearest file with settings, from the working folder upwards; of two in one folder photoscan's own.

    Raises NotReadableError, and UsageError with all that is wrong in it.
    """
    for folder in folders():
        for name in (OWN, SHARED):
            file = folder / name
            if file.is_file() and (rows := _rows(file)) is not None:
                _check(file, rows)
                return Project(file, rows)
    return None


def _rows(file: Path) -> Mapping[str, Any] | None:
    """The settings in a file; None for a pyproject.toml without any."""
    try:
        text = file.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise NotReadableError("problem.unreadable", path=file, why=reason(error)) from None
    own = file.name == OWN
    if not own and "photoscan" not in text:
        return None
    import tomllib  # most folders have no settings

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError("problem.project.toml", path=file, line=line_of(error)) from None
    if own:
        return document
    tools = document.get("tool")
    rows = tools.get("photoscan") if isinstance(tools, Mapping) else None
    if rows is not None and not isinstance(rows, Mapping):
        raise UsageError("problem.project", path=file, what=phrase("problem.policy.no_table", key="tool.photoscan"))
    return rows


def _check(file: Path, rows: Mapping[str, Any]) -> None:
    if problems := tuple(_problems(file, rows)):
        raise UsageError("problem.project", path=file, what=Phrases(problems, "; "))


def _problems(file: Path, rows: Mapping[str, Any]) -> Iterator[Phrase]:
    for key, value in rows.items():
        if key not in KEYS:
            yield phrase("problem.policy.unknown", key=key, close=nearest(key, KEYS) or _known())
        elif key in _TEXTS and not (isinstance(value, str) and value):
            yield phrase("problem.project.text", key=key)
        elif key in _LISTS and not (isinstance(value, list) and all(isinstance(row, str) for row in value)):
            yield phrase("problem.policy.list_of_texts", key=key)
        elif key in _CHOICES and value not in _CHOICES[key]:
            known = _CHOICES[key]
            yield phrase("problem.policy.one_of", key=key, known=", ".join(known), close=nearest(value, known))


def _is_path(policy: str) -> bool:
    """Whether a policy is named by its file."""
    return policy.endswith(".toml") or "/" in policy


def _known() -> Phrase:
    return phrase("problem.policy.known", known=", ".join(KEYS))

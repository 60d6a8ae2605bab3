"""The help of the commands with many options: these in groups, and three examples."""

from __future__ import annotations

from collections.abc import Iterable

import click

from photoscan.cli.language import say

GROUPS = {
    # The first group that names an option has it; the others stand in the last one, 'more'.
    "result": (
        "format_", "output", "out", "verbose", "quiet", "show_values", "lang", "parquet", "parts", "sink", "partial",
        "in_place", "dry_run",
        "check", "to", "rename", "overwrite", "keep_time", "handouts", "names", "no_pdf",
    ),
    "judge": (
        "policy", "fail_on", "baseline", "update_baseline", "receipt", "coarsen_gps", "drop_date", "keep",
        "remove", "drop_extras",
    ),
    "hide": ("metadata_only", "redact", "redact_possible", "keep_faces", "style", "boxes"),
    "look": (
        "only", "skip", "profile", "ocr", "ocr_languages", "face_backend", "engine", "people", "nudity", "no_plugins",
        "exclude", "no_config", "caption", "max_bytes", "max_pixels", "max_frames", "jobs", "workers", "every", "once",
        "shard", "timeout", "retry",
    ),
}  # fmt: skip
"""Options by the group in which help shows them: `help.group.<name>` of the catalogues."""
EXAMPLES = {
    "scan": (
        "scan photo.jpg",
        "scan holiday/ --exclude '*.png' --fail-on high",
        "scan photo.jpg --format html -o a.html",
    ),
    "clean": ("clean photo.jpg -o safe.jpg", "clean holiday/ -o safe/", "clean photo.jpg --remove gps -o safe.jpg"),
    "watch": ("watch ~/Pictures -o ~/safe", "watch in/ -o out/ --metadata-only", "watch in/ -o out/ --once"),
    "batch": (
        "batch photos/ --out reports",
        "batch photos/ --out reports --retry",
        "batch list.txt --out a --shard 1/4",
    ),
    "batch-merge": ("batch merge reports", "batch merge s3://b/reports --to all", "batch merge reports --parquet"),
    "read": ("read letter.jpg", "read scans/ --format jsonl", "read letter.jpg --profile thorough"),
    "integrate": ("integrate", "integrate kde --dry-run", "integrate --remove"),
    "people": ("people add Ana a.jpg b.jpg", "people list", "people remove Ana"),
    "models": ("models install", "models list", "models verify"),
    "policy": ("policy show strict", "policy check ours.toml", "policy allow --kind plate"),
    "serve": ("serve", "serve --port 0 --policy strict", "serve add-key shop --keys keys.json"),
    "workshop": ("workshop", "workshop --lang ms", "workshop --handouts class/"),
    "completions": ("completions bash", "completions zsh", "completions fish"),
    "man": ("man", "man scan", "man -o ~/.local/share/man/man1"),
    "kinds": ("kinds", "kinds text.phone", "kinds text --format json"),
}
"""Three commands for each command, without the word 'photoscan'."""


class _Exemplary(click.Command):
    """A command whose help ends with its examples."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples; those of a group's commands are the group's."""
        if self.name in EXAMPLES:
            with formatter.section(say("help.examples")):
                write(formatter, EXAMPLES[self.name])


class PagedGroup(_Exemplary, click.Group):
    """A group of commands whose help ends with its examples."""


class Paged(_Exemplary):
    """A command whose help shows its options in groups, and then its examples."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The groups; all of it under one heading where there is only one."""
        rows: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                rows.setdefault(group(parameter.name or ""), []).append(record)
        for name in (*GROUPS, "more"):
            if name in rows:
                with formatter.section(say("help.options") if len(rows) == 1 else say(f"help.group.{name}")):
                    formatter.write_dl(rows[name])


def group(name: str) -> str:
    """The group of an option by its name in code."""
    return next((key for key, names in GROUPS.items() if name in names), "more")


def write(formatter: click.HelpFormatter, commands: Iterable[str]) -> None:
    """Each command on a line of its own, which is never broken."""
    for command in commands:
        formatter.write(f"{'':{formatter.current_indent}}photoscan {command}\n")

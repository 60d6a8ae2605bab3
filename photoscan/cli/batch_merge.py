"""`photoscan batch merge`: one file of what several computers, or one after many stops, wrote in parts."""

from __future__ import annotations

from pathlib import Path

import click

from photoscan.catalog import text
from photoscan.cli.batch_out import Where
from photoscan.cli.language import spoken
from photoscan.cli.pages import Paged
from photoscan.cli.paths import aside


@click.command(name="batch-merge", cls=Paged)
@click.argument("out", type=Where())
@click.option("--to", type=Where(), metavar="WHERE", help="Folder or object store for the result; by default OUT.")
@click.option("--parquet", is_flag=True, help="Write a table for data tools as well (needs pyarrow).")
@click.option("--partial", is_flag=True, help="Go on without shards that are missing or not finished.")
def batch_merge(out: Path | str, to: Path | str | None, parquet: bool, partial: bool) -> None:
    """Make one reports.jsonl and one summary.json of what all shards of a batch wrote to OUT.

    Every path has one row, the one written last. A shard that is missing, is not finished, or was made with other
    options is named, and nothing is written.
    """
    from photoscan.batch.merging import merge
    from photoscan.batch.output import output_of

    merged = merge(output_of(out), output_of(out if to is None else to), parquet, partial)
    language = spoken()
    if merged.missing:
        aside(text("merge.partial", language, shards=", ".join(merged.missing)))
    aside(text("merge.done", language, photos=merged.summary.photos, files=", ".join(merged.written)))
    if merged.doubled:
        aside(text("merge.doubled", language, count=merged.doubled))

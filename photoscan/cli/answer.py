"""Answers that could not be written: a full disk, or a reader that has gone. Neither may look like an answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from photoscan.errors import NotReadableError, reason


class ReaderGoneError(Exception):
    """Whoever read the answer (head, less) has enough: nothing is wrong, and there is nobody left to tell."""


@contextmanager
def answered() -> Iterator[None]:
    """Tell errors of writing the answer from all others, before click takes them for its own.

    Raises ReaderGoneError for a closed pipe, NotReadableError for anything else.
    """
    try:
        yield
    except OSError as error:
        if not lost(error):
            raise
        _let_go()
        if isinstance(error, BrokenPipeError):
            raise ReaderGoneError from None
        raise NotReadableError("problem.answer", why=reason(error)) from None


def lost(error: BaseException) -> bool:
    """Whether an error came from writing an answer: all of them go through click.echo."""
    trace = error.__traceback__
    while isinstance(error, OSError) and trace is not None:
        if trace.tb_frame.f_code is click.echo.__code__:
            return True
        trace = trace.tb_next
    return False


def _let_go() -> None:
    """What is still held back goes nowhere, or the interpreter would fail over it once more at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):  # no file behind it, as in tests
        return

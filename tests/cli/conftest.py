"""What tests of several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from photoscan.cli import main

Said = Callable[..., tuple[int | str | None, str, str]]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Run the command line at the width of a terminal: its exit code, standard output and standard error."""

    def call(*arguments: str) -> tuple[int | str | None, str, str]:
        monkeypatch.setattr(sys, "argv", ["photoscan", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        return ended.value.code or 0, output.out, output.err

    return call

"""Which test enters which function of the package: a trace of calls, in this process and those that it starts."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType

import pytest

CHILDREN = '''"""Notes which functions a process started by a test enters."""
import atexit, os, sys, threading
folder, test = os.environ.get("MUTANTS_TRACE"), os.environ.get("PYTEST_CURRENT_TEST", "")
if folder and test:
    package = os.path.join(os.path.dirname(os.path.abspath(__file__)), "photoscan") + os.sep
    entered = set()
    def note(frame, event, _):
        entered.add(frame.f_code)
    def write():
        sys.settrace(None)
        with open(os.path.join(folder, str(os.getpid())), "w") as out:
            out.write(test.rsplit(" ", 1)[0] + "\\n")
            for code in entered:
                if code.co_filename.startswith(package):
                    out.write(f"{code.co_filename[len(package):]}:{code.co_firstlineno}\\n")
    atexit.register(write)
    threading.settrace(note)
    sys.settrace(note)
'''
"""The text of a `sitecustomize.py` that lies in the copy while it is traced."""


class Tracer:
    """A pytest plugin that notes for each passed test the functions entered ('metadata/ifd.py:40') and its seconds."""

    def __init__(self, package: Path, children: Path, out: Path) -> None:
        self.package, self.children, self.out = f"{package}/", children, out
        self.entered: set[CodeType] = set()
        self.seconds: dict[str, float] = {}
        self.passed: dict[str, bool] = {}
        self.entered_elsewhere: set[str] = set()

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        self.entered.add(frame.f_code)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Trace the test with its fixtures."""
        self.entered, self.entered_elsewhere = set(), set()
        threading.settrace(self._note)
        sys.settrace(self._note)
        yield
        sys.settrace(None)
        threading.settrace(None)

    def _entered_here(self) -> set[str]:
        return {
            f"{code.co_filename.removeprefix(self.package)}:{code.co_firstlineno}"
            for code in set(self.entered)  # this is traced, too
            if code.co_filename.startswith(self.package)
        }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Sum what the test's parts took."""
        name = report.nodeid
        self.seconds[name] = self.seconds.get(name, 0) + report.duration
        self.passed[name] = self.passed.get(name, True) and report.passed

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Write what was noted of the test, with what its own processes noted: the run may be ended at any time."""
        for path in self.children.iterdir():
            test, *calls = path.read_text().splitlines() or [""]
            if test == nodeid:
                self.entered_elsewhere.update(calls)
                path.unlink()
        if self.passed.get(nodeid):
            calls = sorted(self._entered_here() | self.entered_elsewhere)
            with self.out.open("a") as out:
                out.write(json.dumps([nodeid, {"seconds": round(self.seconds[nodeid], 3), "calls": calls}]) + "\n")


class Chosen:
    """A pytest plugin that runs the chosen tests alone, in their order."""

    def __init__(self, tests: list[str]) -> None:
        self.order = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep and sort."""
        items[:] = sorted((item for item in items if item.nodeid in self.order), key=lambda i: self.order[i.nodeid])

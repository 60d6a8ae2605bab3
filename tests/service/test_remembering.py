"""The report of a check is there for the clean that follows: of the same photo, by the same caller, for a while."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from photoscan.catalog import LANGUAGES
from photoscan.errors import UsageError
from photoscan.report import Report
from photoscan.risk import assess
from photoscan.risk.policy import Policy
from photoscan.service import keys, remembered
from photoscan.service.remembered import Remembered
from photoscan.service.settings import Settings
from photoscan.service.task import Answer, Result, ServiceRequest
from photoscan.service.written import read, written
from tests.properties import share
from tests.service.stub import CANARY, CHECKED, Pool, photo
from tests.service.test_app import App
from tests.service.test_parts import bearer
from tests.test_report_reading import reports

KEPT = f'{{"value": "{CANARY}"}}'.encode()
ASKED = ServiceRequest("check", b"a photo", "platform", "en", "a.jpg", "hello")
CLEAN = replace(ASKED, kind="clean")


@share(0.5)
@given(reports())
def test_a_report_is_judged_the_same_after_its_way(report: Report) -> None:
    again = read(written(report))
    assert [f.value for f in again.findings] == [f.value for f in report.findings]
    assert [f.confidence for f in again.findings] == [f.confidence for f in report.findings]
    assert [f.location for f in again.findings] == [f.location for f in report.findings]
    assert again.detectors == tuple(replace(o, seconds=round(o.seconds, 3)) for o in report.detectors)
    policy = Policy.load("platform")
    for language in LANGUAGES:
        one, other = (assess(found, policy, language) for found in (report, again))
        assert one.to_dict(show_values=True) == json.loads(json.dumps(other.to_dict(show_values=True)))
        assert one.decision.reasons == other.decision.reasons


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b"cos\nsystem\n(S'true'\ntR.", b'{"report": {}}'], ids=repr
)
def test_what_is_no_report_is_told_so(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read(data)
    assert "system" not in str(caught.value)


def test_parts_have_to_fit_together() -> None:
    document = json.loads(written(Report(photo=Report.from_dict(sample()).photo, tool_version="1")))
    document["exact"] = [{"confidence": 0.1, "polygon": None}]
    with pytest.raises(UsageError):
        read(json.dumps(document).encode())


def sample() -> dict[str, Any]:
    from tests.test_report_reading import sample as made

    return made()


OTHERS = {
    "another caller": ("forum", CLEAN),
    "no caller": (None, CLEAN),
    "another photo": ("shop", replace(CLEAN, data=b"a photO")),
    "another policy": ("shop", replace(CLEAN, policy="strict")),
    "another name": ("shop", replace(CLEAN, name="b.jpg")),
    "no name": ("shop", replace(CLEAN, name=None)),
    "another caption": ("shop", replace(CLEAN, caption="hello!")),
    "no caption": ("shop", replace(CLEAN, caption=None)),
    "an empty caption": ("shop", replace(CLEAN, caption="")),
}


@pytest.mark.parametrize("case", sorted(OTHERS))
def test_what_is_asked_otherwise_is_looked_at_anew(case: str) -> None:
    known = Remembered(60)
    assert known.keep("shop", ASKED, KEPT)
    assert known.find("shop", replace(CLEAN, language="ms")) == KEPT
    assert known.find(*OTHERS[case]) is None


def test_it_is_bounded_by_time_count_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    known = Remembered(60, lambda: now[0])
    monkeypatch.setattr(remembered, "REPORTS", 3)
    monkeypatch.setattr(remembered, "BYTES", 100)
    for number in range(5):
        known.keep(None, replace(ASKED, data=bytes([number])), b"x" * 10)
    assert (len(known), known.bytes) == (3, 30)
    # Kept again it is new, and counted once.
    known.keep(None, replace(ASKED, data=b"\2"), b"x" * 20)
    assert (len(known), known.bytes) == (3, 40)
    known.keep(None, replace(ASKED, data=b"\7"), b"x" * 90)
    assert (len(known), known.bytes) == (1, 90)
    now[0] = 60.0
    known.forget()
    assert (len(known), known.bytes) == (0, 0)


def test_what_is_too_large_or_not_wanted_is_not_kept() -> None:
    assert not Remembered(60).keep(None, ASKED, b"x" * (remembered.LARGEST + 1))
    assert not Remembered(0).keep(None, ASKED, b"x")


def keeping(job: ServiceRequest) -> Result:
    """A worker that tells what it saw where that is wanted."""
    if job.kind == "clean":
        return Answer(b'{"proofs": []}', job.data, "image/jpeg")
    return Answer(CHECKED, decision="block", kept=KEPT if job.keep else None)


def asked(app: App, *paths: str, **how: Any) -> list[ServiceRequest]:
    """What the workers are asked, of one photo."""

    async def all_() -> None:
        for path in paths:
            answer = await app.send("POST", path, content=photo(), **how)
            assert answer.status_code == 200
            assert CANARY not in answer.text

    asyncio.run(all_())
    assert isinstance(app.pool, Pool)
    return app.pool.jobs


def test_a_clean_gets_what_the_check_saw() -> None:
    app = App(Pool(keeping))
    check, *cleans = asked(
        app, "/v1/check?lang=ms", "/v1/clean", "/v1/clean?metadata_only=true", "/v1/clean?policy=strict"
    )
    assert (check.keep, check.known) == (True, None)
    assert [clean.known for clean in cleans] == [KEPT, KEPT, None]
    assert CANARY not in repr(cleans)
    assert CANARY not in app.ask("GET", "/metrics").text


def test_it_can_be_switched_off() -> None:
    check, clean = asked(App(Pool(keeping), remember=0), "/v1/check", "/v1/clean")
    assert (check.keep, clean.known) == (False, None)
    with pytest.raises(UsageError):
        Settings(remember=-1)


def test_nothing_crosses_from_key_to_key(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    mine, yours = keys.add(file, "shop"), keys.add(file, "forum")
    app = App(Pool(keeping), keys=keys.Keys(file))
    asked(app, "/v1/check", headers=bearer(mine))
    assert asked(app, "/v1/clean", headers=bearer(yours))[-1].known is None
    assert asked(app, "/v1/clean", headers=bearer(mine))[-1].known == KEPT


def test_it_is_forgotten_though_nobody_asks() -> None:
    app = App(Pool(keeping), remember=0.05)

    async def check() -> None:
        await app.send("POST", "/v1/check", content=photo())
        assert len(app.service.remembered) == 1
        await asyncio.sleep(0.2)
        assert len(app.service.remembered) == 0

    asyncio.run(check())

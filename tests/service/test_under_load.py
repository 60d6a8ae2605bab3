"""A service in its own process, with keys, under load: one key's flood, and what another is answered meanwhile."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from photoscan.service import keys
from tests.service.stub import CANARY, photo, running, stub_command
from tests.service.test_parts import bearer

SETTINGS: dict[str, Any] = {"workers": 2, "queue": 8, "timeout": 20.0, "upload_timeout": 5.0, "grace": 20}
FLOOD = 40


def test_a_flood_of_one_key_keeps_no_other_from_its_first_photo(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    flood, calm, watch = (keys.add(file, name, scopes) for name, scopes in
                          (("flood", ("check",)), ("calm", ("check",)), ("watch", ("metrics",))))  # fmt: skip
    done = threading.Event()
    with running(tmp_path, stub_command(**SETTINGS, keys=str(file))) as service:

        def send(_: int) -> Counter[int]:
            found: Counter[int] = Counter()
            with httpx.Client(base_url=service.url, timeout=60, headers=bearer(flood)) as http:
                while not done.wait(0.05):
                    found[http.post("/v1/check", content=photo("sleep 0.4")).status_code] += 1
            return found

        with ThreadPoolExecutor(FLOOD) as crowd:
            flooding = [crowd.submit(send, n) for n in range(FLOOD)]
            try:
                # One of three keys is here, so that two of ten slots are left.
                while "photoscan_slots_taken 8.0" not in service.http.get("/metrics", headers=bearer(watch)).text:
                    time.sleep(0.05)
                with httpx.Client(base_url=service.url, timeout=60, headers=bearer(calm)) as http:
                    answers = [http.post("/v1/check", content=photo("sleep 0.4")) for _ in range(5)]
            finally:
                done.set()
            got = sum((one.result() for one in flooding), Counter[int]())
        counts = service.http.get("/metrics", headers=bearer(watch)).text
    assert [answer.status_code for answer in answers] == [200] * 5
    assert got[200] > 0
    assert got[503] > 0
    assert set(got) == {200, 503}
    assert 'photoscan_key_requests_total{key="calm",status="200"}' in counts
    assert 'key="calm",status="503"' not in counts
    assert CANARY not in service.said()
    assert json.loads(file.read_text())["version"] == 2

"""The workshop without a browser: a client that behaves as the page does."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from photoscan.options import ScanOptions
from photoscan.scanner import Scanner
from photoscan.workshop.app import Workshop
from photoscan.workshop.guard import Guard

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette announces that its test client will move to another library
    from fastapi.testclient import TestClient

HOST = "127.0.0.1:8765"
OURS = {"x-photoscan": "workshop", "sec-fetch-site": "same-origin", "origin": f"http://{HOST}"}


@pytest.fixture(scope="session")
def scanner() -> Scanner:
    return Scanner(ScanOptions(policy="workshop"))


@pytest.fixture
def workshop(scanner: Scanner) -> Iterator[Workshop]:
    made = Workshop(scanner, "en")
    yield made
    made.desk.close()


@pytest.fixture
def client(workshop: Workshop) -> TestClient:
    return client_of(workshop)


def client_of(workshop: Workshop, **headers: str) -> TestClient:
    """A client whose requests come from the page."""
    guarded = Guard(workshop.app(), [HOST, "localhost:8765"])
    return TestClient(guarded, base_url=f"http://{HOST}", headers=OURS | headers, raise_server_exceptions=False)

"""What file systems note beside a photo."""

from __future__ import annotations

import os
import plistlib
from pathlib import Path

import pytest

from photoscan import Scanner, ScanOptions
from photoscan.metadata import origin
from tests.metadata import containers as c

NOTES = {
    "user.xdg.origin.url": (b"https://lima.example/a.jpg", "metadata.comment", True),
    "user.xdg.referrer.url": (b"https://lima.example/", "metadata.comment", True),
    "user.xdg.comment": (b"the garden behind our house", "metadata.comment", False),
    "user.xdg.tags": (b"family,Rosa", "metadata.comment", False),
    "user.xdg.creator": (b"Rosa Lima", "metadata.person", False),
    "user.xdg.origin.email.from": (b"rosa@lima.example", "metadata.person", False),
    "user.dublincore.title": (b"Our garden", "metadata.comment", False),
    "user.com.apple.metadata:_kMDItemUserTags": (plistlib.dumps(["Family\n6"]), "metadata.comment", False),
    "com.apple.metadata:kMDItemAuthors": (plistlib.dumps(["Rosa Lima"]), "metadata.person", False),
    "com.apple.metadata:kMDItemFinderComment": (plistlib.dumps("our garden"), "metadata.comment", False),
    "com.apple.metadata:kMDItemWhereFroms": (
        plistlib.dumps(["https://lima.example/"], fmt=plistlib.FMT_BINARY),
        "metadata.comment",
        True,
    ),
    "com.apple.quarantine": (b"0081;5f5f5f5f;Falcon;AA-11", "metadata.comment", False),
    "user.DosStream.Zone.Identifier:$DATA": (
        b"[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://lima.example/a\r\n",
        "metadata.comment",
        True,
    ),
}
NO_NOTES = {
    "user.xdg.robots.index": b"no",
    "user.xdg.comment": b"\0",
    "user.baloo.rating": b"5",
    "security.selinux": b"unconfined_u",
    "com.apple.metadata:kMDItemWhereFroms": b"bplist00 broken",
    "user.Zone.Identifier": b"[ZoneTransfer]\r\nZoneId=3\r\n",
}


def noted(monkeypatch: pytest.MonkeyPatch, notes: dict[str, bytes]) -> None:
    monkeypatch.setattr(os, "listxattr", lambda _path: list(notes), raising=False)
    monkeypatch.setattr(os, "getxattr", lambda _path, name: notes[name], raising=False)


@pytest.mark.parametrize("name", NOTES)
def test_a_note_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, kind, from_where = NOTES[name]
    noted(monkeypatch, {name: raw})
    file = tmp_path / "a.jpg"
    file.write_bytes(c.jpeg())
    (value,) = origin.read(file).values()
    assert "\0" not in value
    report = Scanner(ScanOptions(only=("metadata",))).scan(file)
    (finding,) = (finding for finding in report.findings if finding.detector == "origin")
    assert (finding.kind, finding.value) == (kind, value)
    assert ("tells" in finding.attributes) == from_where


@pytest.mark.parametrize("name", NO_NOTES)
def test_what_is_no_note(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted(monkeypatch, {name: NO_NOTES[name]})
    assert origin.read(tmp_path / "a.jpg") == {}


def test_the_stream_beside_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted(monkeypatch, {})
    Path(f"{tmp_path / 'a.jpg'}:Zone.Identifier").write_text("[ZoneTransfer]\nReferrerUrl=https://lima.example/\n")
    assert origin.read(tmp_path / "a.jpg") == {"ReferrerUrl": "https://lima.example/"}


@pytest.mark.parametrize(
    "raw", [b"<?xml version='1.0'?><plist><string>a", b"<plist><date>x</date></plist>", b"bplist00"]
)
def test_a_broken_property_list_is_no_crash(raw: bytes) -> None:
    assert origin._listed(raw) in ("", raw.decode())

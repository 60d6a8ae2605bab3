"""The addresses that are offered: near ones, best first, and only this computer's."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from photoscan.errors import UsageError
from photoscan.workshop.lan import addresses
from photoscan.workshop.lan.addresses import Offer, offers, private

KNOWN = {
    "the first stays first": (["192.168.1.4", "10.0.0.2"], ["192.168.1.4", "10.0.0.2"]),
    "each once": (["10.0.0.2", "10.0.0.2"], ["10.0.0.2"]),
    "what people can type comes first": (["fd00::2", "192.168.1.4"], ["192.168.1.4", "fd00::2"]),
    "nothing far": (["8.8.8.8", "2001:4860::1", "192.0.2.1"], []),
    "nothing of this computer alone": (["127.0.0.1", "::1", "0.0.0.0", "169.254.1.1", "fe80::1"], []),
    "hotspots of carriers": (["100.100.1.2"], ["100.100.1.2"]),
    "no names": (["localhost", "", "192.168.1"], []),
    "no scopes": (["fd00::1%eth0"], []),
}


@pytest.mark.parametrize("case", KNOWN)
def test_near_addresses(case: str) -> None:
    known, near = KNOWN[case]
    assert [f"{one}" for one in private(known)] == near


def test_what_a_browser_calls_it() -> None:
    assert Offer("192.168.1.4", ()).url("http", 8090) == "http://192.168.1.4:8090/"
    assert Offer("fd00::2", ()).url("https", 443) == "https://[fd00::2]:443/"


def test_a_chosen_address_is_this_computer_s() -> None:
    assert offers(["127.0.0.1"]) == (Offer("127.0.0.1", ("127.0.0.1",)),)
    assert offers(["localhost", "LocalHost"])[0].host == "localhost"
    assert len(offers(["localhost", "LocalHost"])) == 1


@pytest.mark.parametrize("other", ["192.0.2.77", "0.0.0.0", "::", "no.such.name.invalid", "", "-", "a" * 300])
def test_what_is_none_of_this_computer_s_is_refused(other: str) -> None:
    with pytest.raises(UsageError):
        offers([other])


def test_without_a_network_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_known", lambda: iter(["127.0.0.1"]))
    with pytest.raises(UsageError, match="--lan-address"):
        offers()


def test_several_networks_are_all_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_known", lambda: iter(["192.168.1.4", "172.16.0.9"]))
    assert [offer.host for offer in offers()] == ["192.168.1.4", "172.16.0.9"]


def test_nothing_is_sent_to_find_them(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []
    monkeypatch.setattr(socket.socket, "send", lambda *how: sent.append(how), raising=False)
    list(addresses._known())
    assert sent == []
    assert {family for family, _ in addresses.FAR} == {socket.AF_INET, socket.AF_INET6}


TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
        |-- 192.168.1.4
           /32 host LOCAL
        |-- 192.168.1.255
           /32 link BROADCAST
"""


def test_what_linux_lists(tmp_path: Path) -> None:
    (tmp_path / "trie").write_text(TRIE)
    assert list(addresses._of_linux(tmp_path / "trie")) == ["192.168.1.4"]
    assert list(addresses._of_linux(tmp_path / "none")) == []

"""The addresses by which phones in the same network can reach this computer."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import pairwise
from pathlib import Path

from photoscan.errors import UsageError

Address = IPv4Address | IPv6Address
PRIVATE = tuple(
    ip_network(net) for net in ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12", "100.64.0.0/10", "fc00::/7")
)
"""Networks that no router carries into the internet: whoever reaches us by one is near."""
FAR = (
    # Nobody is there (RFC 5737, RFC 3849), and nothing is sent: the system only says from where it would send.
    (socket.AF_INET, "192.0.2.1"),
    (socket.AF_INET6, "2001:db8::1"),
    # Where there is a network without a way out: the hotspots of phones and of computers.
    (socket.AF_INET, "192.168.43.1"),
    (socket.AF_INET, "192.168.137.1"),
    (socket.AF_INET, "172.20.10.1"),
    (socket.AF_INET, "10.0.0.1"),
)
_TRIE = Path("/proc/net/fib_trie")


@dataclass(frozen=True, slots=True)
class Offer:
    """`host`: what a browser calls this computer by; `bound`: the addresses to listen on for it."""

    host: str
    bound: tuple[str, ...]

    def url(self, scheme: str, port: int) -> str:
        """The address of the page."""
        return f"{scheme}://{self.named(port)}/"

    def named(self, port: int) -> str:
        """Host and port, as in a URL."""
        return f"{self.bare}:{port}"

    @property
    def bare(self) -> str:
        """The host as in a URL."""
        return f"[{self.host}]" if ":" in self.host else self.host


def offers(asked: Sequence[str] = ()) -> tuple[Offer, ...]:
    """What to offer, best first. `asked`: addresses or names of this computer that somebody chose.

    Raises UsageError where there is none, or for one that is none of this computer's.
    """
    if asked:
        return tuple(dict.fromkeys(_asked(one) for one in asked))
    found = tuple(Offer(f"{one}", (f"{one}",)) for one in private(_known()))
    if not found:
        raise UsageError("problem.workshop.lan_none")
    return found


def private(known: Iterable[str]) -> list[Address]:
    """Those in networks that are near, each once, IPv4 first since it is what people can type."""
    found = dict.fromkeys(one for text in known if (one := _parsed(text)) is not None and _is_near(one))
    return sorted(found, key=lambda one: one.version)


def _is_near(address: Address) -> bool:
    return any(address in net for net in PRIVATE)


def _parsed(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(found, IPv6Address) and found.scope_id else found


def _asked(text: str) -> Offer:
    try:
        rows = socket.getaddrinfo(text, 0, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        rows = []
    bound = tuple(dict.fromkeys(str(row[4][0]) for row in rows if _is_here(row[0], str(row[4][0]))))
    if not bound:
        raise UsageError("problem.workshop.lan_address", address=text)
    return Offer(text.lower().rstrip("."), bound)


def _is_here(family: int, address: str) -> bool:
    """Whether an address is one of this computer's, none that stands for all."""
    with suppress(OSError, ValueError):
        if ip_address(address).is_unspecified:
            return False
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.bind((address, 0))
            return True
    return False


def _known() -> Iterator[str]:
    for family, far in FAR:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as line:
            line.connect((far, 9))
            yield line.getsockname()[0]
    with suppress(OSError, UnicodeError):
        yield from (str(row[4][0]) for row in socket.getaddrinfo(socket.gethostname(), None))
    yield from _of_linux()


def _of_linux(trie: Path = _TRIE) -> Iterator[str]:
    """All that the system itself lists, at last: those of virtual machines are among them."""
    try:
        lines = trie.read_text("ascii", "replace").splitlines()
    except OSError:
        return
    for before, line in pairwise(lines):
        if "host LOCAL" in line:
            yield before.rpartition(" ")[2]

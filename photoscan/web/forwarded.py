"""Whose request it is where proxies hand it on: their word counts only where they are named."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network
UNKNOWN = "unknown"
MOST = 32
"""Addresses of one header that are looked at, from its end."""


def client_of(peer: str | None, forwarded_for: Sequence[str], proxies: Sequence[Network]) -> str:
    """The address that a request comes from: the peer's, or where that is a named proxy what it says.

    `forwarded_for`: the values of X-Forwarded-For, to which each proxy adds whom it was asked by. It is read from its
    end, as far as named proxies wrote it: what stands before that, anybody can have sent.
    """
    found = _address(peer or "")
    if found is None:
        return UNKNOWN
    names = [name for value in forwarded_for for name in value.split(",")][-MOST:]
    while names and _is_named(found, proxies):
        before = _address(names.pop())
        if before is None:
            break
        found = before
    return str(found)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    # With a port: 192.0.2.1:4711, [2001:db8::1]:4711.
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _is_named(address: IPv4Address | IPv6Address, proxies: Sequence[Network]) -> bool:
    return any(address in known for known in proxies)

"""What lets somebody in: networks, one-time passwords, log-ins, numbers of telephones, devices of a home.

Sources: ZXing's barcode contents (WIFI) and the Wi-Fi Alliance's WPA3 and Easy Connect specifications (WIFI, DPP);
Google's key URI format (otpauth); GSMA SGP.22 section 4.1 (eSIM activation codes); CSA Matter core specification
section 5.1 (MT:); Apple's HomeKit accessory protocol (X-HM:); FIDO CTAP 2.2 section 11.5 (FIDO:/); the links by which
messengers pair a further device, as their clients publish them.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from photoscan.kind import Severity
from photoscan.textual.payloads.base import Payload, fields, split


def wifi(text: str) -> Payload | None:
    """A network, with its password where it has one."""
    if not text.upper().startswith("WIFI:"):
        return None
    rows = fields(text[5:])
    parts = {"network": rows.get("S", ""), "password": rows.get("P", "")}
    return Payload("wifi", Severity.CRITICAL if parts["password"] else Severity.LOW, parts)


def authenticator(text: str) -> Payload | None:
    """The secret of a one-time password, or an export of several."""
    if not text.lower().startswith(("otpauth://", "otpauth-migration://")):
        return None
    address = split(text)
    parts = {"account": unquote(address.path.lstrip("/")), **dict(parse_qsl(address.query))}
    return Payload(
        "authenticator", Severity.CRITICAL, {k: v for k, v in parts.items() if k in ("account", "issuer", "secret")}
    )


_LOG_INS = (
    ("WhatsApp", re.compile(r"(?:https://wa\.me/settings/linked_devices#)?\d@[\w+/=]{6,}(?:,[\w+/=]+){0,6}")),
    ("Telegram", re.compile(r"tg://login\?token=[\w%+/=-]{8,}", re.IGNORECASE)),
    ("Signal", re.compile(r"(?:sgnl://linkdevice|tsdevice:/?)\?\S*uuid=\S+", re.IGNORECASE)),
    ("FIDO", re.compile(r"FIDO:/\d{12,}")),
    ("BankID", re.compile(r"bankid\.[0-9a-f]{8}-[0-9a-f-]{27}\.\d+\.[0-9a-f]{32,}")),
    ("Microsoft Authenticator", re.compile(r"phonefactor://\S{8,}", re.IGNORECASE)),
    ("Duo", re.compile(r"duo://\S{8,}", re.IGNORECASE)),
    ("Okta", re.compile(r"oktaverify://\S{8,}", re.IGNORECASE)),
    ("VPN", re.compile(r"(?:ssr?|vmess|vless|trojan|hysteria2?|tuic)://\S{12,}")),
    ("SQRL", re.compile(r"sqrl://\S{12,}", re.IGNORECASE)),
    ("", re.compile(r"(?:openid4vp|haip|mdoc|openid-credential-offer|walletconnect|wc):\S{16,}")),
)
"""Codes that a screen shows to be logged in by a telephone: OpenID for wallets and WalletConnect have no owner."""


def log_in(text: str) -> Payload | None:
    """What a screen shows to be logged in; that of a link is told by `links`."""
    found = next((name for name, form in _LOG_INS if form.fullmatch(text.strip())), None)
    return None if found is None else Payload("log_in", Severity.HIGH, {}, found or None)


_ESIM = re.compile(r"(?:LPA:)?1\$[a-z0-9-]+(?:\.[a-z0-9-]+)+\$[\w-]*(?:\$[\w.$-]*)?", re.IGNORECASE)


def esim(text: str) -> Payload | None:
    """An activation code: who uses it first has the telephone number. Without a matching id it only names a server."""
    if not _ESIM.fullmatch(text.strip()):
        return None
    return Payload("esim", Severity.CRITICAL if text.split("$")[2] else Severity.LOW)


_DEVICES = (
    ("Matter", re.compile(r"MT:[0-9A-Z.-]{19,}(?:\*\S*)?")),
    ("HomeKit", re.compile(r"X-HM://[0-9A-Z]{9,20}")),
    ("Wi-Fi Easy Connect", re.compile(r"DPP:(?:[A-Z]:[^;]*;)*K:[\w+/=]{30,};.*")),
    ("Z-Wave", re.compile(r"90\d{50,130}")),
)
"""What a device of a home is taken over with. Z-Wave: SmartStart codes, 90 and at least fifty digits (SDS13937)."""


def device(text: str) -> Payload | None:
    """The code on a lamp, lock or camera by which it is set up."""
    found = next((name for name, form in _DEVICES if form.fullmatch(text.strip())), None)
    return None if found is None else Payload("device_setup", Severity.HIGH, {}, found)

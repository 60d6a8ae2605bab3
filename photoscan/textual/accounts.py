"""Numbers of bank accounts in a line: behind a label, beside a bank's name, or as Brazil writes branch and account.

IBANs, which have check digits, are the payment detector's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from photoscan.textual.lookalikes import as_digits

LABELLED = 0.75
ABOVE = 0.7
"""Behind a label in the line above."""
BESIDE_BANK = 0.6
UNSURE = 0.45
PAIRED = 0.9
"""Branch and account, each behind its label."""


@dataclass(frozen=True, slots=True)
class Account:
    """A number in a line: where, how sure, why. `organisation`: it names a company, as Singapore's UEN does."""

    start: int
    end: int
    value: str = field(repr=False)
    confidence: float
    reason: str
    organisation: bool = False


_STRONG = (
    r"(?:account|acc|acct|a/c) ?(?:no|number|num|nr|#)|a/c|acct|account(?=\s?(?:[:=#：]|\d{6}))"
    r"|acc(?=\s?[:=.]*\s?\d(?:[ -]?\d){5})"
    r"|(?:beneficiary|bank|savings|current|recipient'?s?) account|no\.? (?:akaun|rekening|akaun bank)"
    r"|nom(?:bo|o)r (?:akaun|rekening)|norek|no\.? ?rek|conta[ -](?:corrente|poupan[çc]a|pagamento)"
    r"|n[º°o] (?:da )?conta|c/c|kontonummer|konto-?nr|num[ée]ro de (?:compte|cuenta)|n[º°] de (?:compte|cuenta|conta)"
    r"|numero (?:di )?conto|rekeningnummer|numer konta|nr konta|sort code|routing(?: number)?|bsb|clabe|ifsc"
    r"|cuenta (?:corriente|de ahorros)|cbu|cvu|账号|帐号|口座番号|계좌번호|เลขที่บัญชี|เลขบัญชี|số tài khoản|stk"
)
_WEAK = r"akaun|rekening|rek|conta|cta|ag[êe]ncia|cuenta|compte|iban"
_NUMBER = r"(?:\d{3,5}(?:-[\dXx])? ?[/|] ?)?(?:\d[ .-]?){5,20}(?:-?[\dXx](?![A-Za-z]))?"
_BANKS = (
    r"maybank2?u?|mbb|cimb(?: niaga)?|public bank|pbb|pbe|rhb|hong leong(?: bank)?|hlb|ambank|bank islam|bank rakyat"
    r"|bsn|affin|agrobank|muamalat|hsbc|standard chartered|citibank|gx ?bank|aeon bank"
    r"|bca|bri|bni|bsi|btn|mandiri|danamon|bank permata|bank jago|jenius|btpn|sea ?bank|bank dki|bjb|bank mega"
    r"|panin|ocbc(?: nisp)?|ita[úu]|bradesco|nubank|nu pagamentos|caixa econ[ôo]mica|santander|banco do brasil"
    r"|banco inter|c6 bank|btg|picpay|pagbank|sicoob|sicredi|dbs|posb|uob|bdo|bpi|metrobank|kasikorn|kbank|scb"
    r"|bangkok bank|vietcombank|techcombank|monzo|revolut|barclays|lloyds|natwest|wells fargo"
)
_COMMON = r"bank|alliance|permata|jago|blu|caixa|chase|nu|inter|neon"
"""Words that name a bank only where somebody is to be paid."""
_PAID = re.compile(
    r"(?i)\b(?:a/n|a\.n|an|atas nama|nama|name|titular|favorecido|penerima|transfer|tf|trf|rek|akaun|acc|account"
    r"|bayar(?:an)?|payment|pindahan|deposit|dep[óo]sito|derma|sumbangan|donasi|infa[qk]|bank in)\b"
)
"""Words that speak of paying somebody."""
_ANOTHER = re.compile(
    r"(?i)\b(?:pin|otp|tac|kode?|code|inv(?:oice)?|order|ref|resi|resit|receipt|trx|transaction|co\.? no|reg"
    r"|berhad|bhd|tbk|roc|ssm|sku|unidades|serial|s/n|ticket|token|card|kartu|kad)\b"
)
"""Words that say that a number beside a bank's name is another one."""
_COMPANY = re.compile(r"(?:19|20)\d{2}0[1-6]\d{6}$")
"""A company's number in Malaysia: the year, the sort, a running number (SSM)."""
_HOTLINE = re.compile(r"1[38]00|0[38]00|0|15\d{2}(?!\d)|400[34]|\d{4} ?\d{4}$")
"""Beginnings of a bank's telephone numbers, which stand beside its name as well; Singapore's eight digits."""
_MOBILE = re.compile(r"(?:\+?62|0)8\d|(?:\+?60|0)1\d|\+")
_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])([-/. ])(?:0?[1-9]|1[0-2])\1(?:19|20)?\d{2}(?! ?\d)"
    r"|(?:19|20)\d{2}([-/.])\d{1,2}\2\d{1,2}(?!\d)"
)
_MONEY = re.compile(r"(?i)(?:\b(?:rm|rp|idr|myr|brl|usd|sgd)|r\$|s\$|[$€£¥])[ .:]*$")
_CENTS = re.compile(r"[.,]\d{1,2}(?!\d)|\s?(?:%|(?i:gb|mb|km|ribu|juta|mil)\b)")
_GROUPED_MONEY = re.compile(r"\d{1,3}(?:\.\d{3})+$")
_CALLING = re.compile(
    r"(?i)\b(?:tel|telp|telefon|telepon|phone|hp|h/p|wa|whatsapp|call|hotline|hubungi|halo|fone|telefone|celular|zap|fax|sms|contact|talian)\b"
)
_MISREAD = re.compile(r"(?<![A-Za-z])[\dOoQDIl|ZSBGbTg]{3,}(?![A-Za-z])")
_UEN = re.compile(r"(?i)\b(?:uen|paynow)\b[^\d]{0,16}?\b(\d{8,9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z])\b")


@cache
def _labelled() -> re.Pattern[str]:
    return re.compile(
        rf"(?i)(?<![^\W_])(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))\.?(?![^\W\d_])(?P<gap>[^\d\n]{{0,28}})(?P<number>{_NUMBER})"
    )


@cache
def _paired() -> re.Pattern[str]:
    """'Ag 0001 Cc 12345-6', 'Ag. 2837-1 Conta 0192837-4', 'Ag 0123 Op 013 Conta 00012345-6'."""
    return re.compile(
        r"(?i)\bag(?:[êe]ncia)?\.?\s*(?:n[º°o]\.?\s*)?[:.]?\s*(?P<number>\d{3,5}(?:-[\dXx])?[\s,;/|.-]*"
        r"(?:op(?:era[çc][ãa]o)?\.?\s*:?\s*\d{3}[\s,;/|.-]*)?"
        r"(?:c/?c|c/?p|conta(?:[ -](?:corrente|poupan[çc]a))?|cta)\.?\s*"
        r"(?:n[º°o]\.?\s*)?[:.]?\s*\d[\d.]{2,14}(?:-?[\dXx])?)(?!\w)"
    )


@cache
def _bank() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![^\W_])(?:(?P<named>{_BANKS})|{_COMMON})(?![^\W_])")


_BESIDE = re.compile(r"(?<![\w+.,/-])(\d(?:[ -]?\d){8,16})(?![\w-])(?![.,/]\d)")


def find(line: str, above: str = "") -> list[Account]:
    """The accounts in a line; `above` is the text that may hold their label or their bank's name."""
    if sum(c.isdigit() for c in line) < 5:
        return []
    written, line, above = line, _set_right(line), _set_right(above)
    found = [
        Account(m.start("number"), m.end("number"), m["number"], PAIRED, "a branch and an account behind their labels")
        for m in _paired().finditer(line)
    ]
    found += [
        Account(
            m.start(1),
            m.end(1),
            m[1].upper(),
            LABELLED if _is_uen(m[1].upper()) else UNSURE,
            "a company's number to pay to",
            organisation=True,
        )
        for m in _UEN.finditer(written)
    ]
    if not found:
        found = list(_behind_label(line, above)) or list(_beside_bank(line, above))
    return found


def _set_right(text: str) -> str:
    """The text with look-alikes in rows of digits replaced, most of which are digits; as long as it was."""
    return _MISREAD.sub(
        lambda row: as_digits(row[0])[0] if sum(map(str.isdigit, row[0])) * 3 >= 2 * len(row[0]) else row[0], text
    )


def _is_uen(number: str) -> bool:
    from stdnum.sg import uen

    return bool(uen.is_valid(number))


def _behind_label(line: str, above: str) -> Iterator[Account]:
    for match in _labelled().finditer(line):
        if account := _of_label(match, 0, LABELLED):
            yield account
            return
    if not re.search(r"[^\W\d_]{3}", line) and (higher := _labelled().search(f"{above} {line}")):
        offset = len(above) + 1
        if higher.start("number") >= offset and (account := _of_label(higher, offset, ABOVE)):
            yield account


def _of_label(match: re.Match[str], offset: int, confidence: float) -> Account | None:
    text, start = match.string, match.start("number")
    number = match["number"].rstrip(" .-/|")
    if _no_account(text, start, number, bool(match["strong"])) or _CALLING.search(match["gap"]):
        return None
    # A word such as 'conta' has many meanings; with other words behind it the number may be something else's.
    others = len(re.findall(r"[^\W\d_]{3,}", _bank().sub("", match["gap"])))
    digits = sum(c.isdigit() for c in number)
    bare = not re.search(r"[:=#：]|n[º°o]", match["gap"]) and digits < 8 and "-" not in number
    if match["weak"] and (others > 1 or bare):
        confidence = UNSURE
    start -= offset
    return Account(start, start + len(number), number, confidence, "an account number behind a label")


def _beside_bank(line: str, above: str) -> Iterator[Account]:
    text = f"{above} {line}"
    bank = _bank().search(text)
    run = _BESIDE.search(line)
    if not bank or not run or _no_account(line, run.start(), run[1]):
        return
    digits = sum(c.isdigit() for c in run[1])
    paid = bool(_PAID.search(text))
    checked = re.search(r"-\d$", run[1]) is not None  # a check digit, which no telephone number has
    mobile = _MOBILE.match(run[1]) is not None and not (paid or checked)
    calling = mobile or _CALLING.search(text, 0, len(above) + 1 + run.start()) is not None
    hotline = digits < 13 and _HOTLINE.match(run[1]) is not None and not (paid or checked)
    other = _ANOTHER.search(text) or (_COMPANY.match(run[1]) and not paid)
    sure = (bank["named"] or paid) and not hotline and not other and not (calling and digits < 13)
    confidence = (LABELLED if paid else BESIDE_BANK) if sure else UNSURE
    yield Account(run.start(1), run.end(1), run[1], confidence, "a number beside a bank's name")


def _no_account(text: str, start: int, number: str, strong: bool = False) -> bool:
    """Whether a number is rather a date, an amount, or a quantity."""
    return bool(
        _DATE.match(text, start)
        or _MONEY.search(text[:start])
        or _CENTS.match(text, start + len(number))
        or (not strong and _GROUPED_MONEY.match(number) and len(number) < 14)
        or len(re.sub(r"\D", "", number)) < 5
    )

"""Identity numbers: how many are found under noise, and how often chance makes one. Needs no data."""

from __future__ import annotations

import random
import string
from collections import Counter

from benchmarks.accuracy.tables import Table, share
from photoscan import scan_text
from photoscan.textline import TextLine
from photoscan.textual.checks import valid
from photoscan.textual.id_formats import IdFormat, _written, formats
from photoscan.textual.words import fold

MISREAD = {"0": "OoD", "1": "lI|", "2": "Z", "5": "S", "6": "Gb", "8": "B", "9": "g", "7": "T", "4": "A", "O": "0"}
"""What a reader takes characters for."""
NUMBERS = ("text.national_id", "text.passport", "text.payment_card")


def noisy(text: str, rate: float, chance: random.Random) -> str:
    """The text with that share of characters misread: most for a look-alike, some dropped, doubled or quite wrong."""
    out = []
    for c in text:
        roll = chance.random() / rate if rate else 2.0
        if roll >= 1:
            out.append(c)
        elif roll < 0.8:
            out.append(chance.choice(MISREAD.get(c, c)))
        elif roll < 0.87:
            continue
        elif roll < 0.94:
            out.append(c + c)
        else:
            out.append(chance.choice(string.digits) if c.isdigit() else c)
    return "".join(out)


def invented(fmt: IdFormat, chance: random.Random, tries: int = 4000) -> str | None:
    """A number of that format that passes its check; None where chance finds none."""
    for _ in range(tries):
        number = "".join(chance.choice(string.ascii_uppercase if c == "A" else string.digits) for c in fmt.plain)
        date = f"{chance.randint(1, 28):02}", f"{chance.randint(1, 12):02}", f"{chance.randint(40, 99):02}"
        if fmt.name == "MyKad":
            number = "".join(reversed(date)) + number[6:]
        elif fmt.name == "NIK":
            number = number[:6] + "".join(date) + number[12:]
        if fmt.check and valid(fmt.check, number, _written(fmt.shape, number)):
            return _written(fmt.shape, number)
    return None


def identity_numbers(seed: int, each: int = 40) -> Table:
    """Recall of numbers with a check behind their label, at three rates of noise."""
    table = Table(
        "Identity numbers behind a label, by character noise",
        ("noise", "numbers", "found", "likely", "exact"),
        "Numbers of every format that has a check, made by chance. Noise falls on label and number alike.",
    )
    chance = random.Random(seed)
    numbers = [(fmt, n) for fmt in formats() if fmt.check for _ in range(3) if (n := invented(fmt, chance))]
    for rate in (0.0, 0.02, 0.05):
        found = likely = exact = total = 0
        for fmt, number in numbers:
            for _ in range(each // 3):
                line = noisy(f"{chance.choice(fmt.labels)}: {number}", rate, chance)
                own = [f for f in scan_text([line]) if f.kind.value in NUMBERS]
                total += 1
                found += bool(own)
                likely += any(f.likely for f in own)
                exact += any(plain(f.value) == plain(number) for f in own)
        table.add(f"{rate:.0%}", total, share(found, total), share(likely, total), share(exact, total))
    return table


def chance(count: int, seed: int) -> Table:
    """How often chance makes a number that is called likely, or possible."""
    table = Table(
        "Random digit strings and product codes",
        ("texts", "likely", "possible", "likely per 10,000"),
        "Half are runs of 6 to 18 digits; the others EAN-13, serial and part numbers, lots and grouped digits.",
    )
    dice = random.Random(seed)
    said: Counter[bool] = Counter()
    for _ in range(count):
        own = [f for f in scan_text([_product_code(dice)]) if f.kind.value in NUMBERS]
        if own:
            said[any(f.likely for f in own)] += 1
    table.add(count, said[True], said[False], f"{said[True] / count * 10_000:.1f}")
    return table


def _product_code(dice: random.Random) -> str:
    def digits(n: int) -> str:
        return "".join(dice.choice(string.digits) for _ in range(n))

    def letters(n: int) -> str:
        return "".join(dice.choice(string.ascii_uppercase) for _ in range(n))

    ean = digits(12)
    check = -sum(int(d) * (1 + 2 * (i % 2)) for i, d in enumerate(ean)) % 10
    forms = (
        f"{ean}{check}",
        f"{letters(2)}-{digits(4)}-{digits(4)}",
        f"{letters(3)}{digits(dice.randint(4, 9))}",
        f"SN {letters(1)}{digits(2)}{letters(2)}{digits(6)}",
        f"{digits(3)}-{digits(7)}-{digits(7)}",
        f"LOT {digits(6)} EXP {digits(2)}/{digits(4)}",
        f"{digits(4)} {digits(4)} {digits(4)}",
    )
    return digits(dice.randint(6, 18)) if dice.random() < 0.5 else dice.choice(forms)


def plain(text: str | TextLine | None) -> str:
    """Letters and digits alone, folded: what two readings are compared by."""
    return "".join(c for c in fold(str(text or "")) if c.isalnum())

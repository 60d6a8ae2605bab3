"""What must be found and what must not."""

import io

import pytest
from photoscan_keys import KeyDetector
from PIL import Image, ImageDraw

from photoscan import Box, Scanner, ScanOptions, clean

RED, STEEL, GREEN = (190, 20, 30), (150, 152, 155), (40, 120, 60)
PLACE = (120, 90, 200, 120)
SCANNER = Scanner(ScanOptions(only=("object",)), detectors=[KeyDetector()])


def photo(cloth: tuple[int, int, int], key: tuple[int, int, int] | None) -> bytes:
    """A cloth with a key on it."""
    image = Image.new("RGB", (320, 240), cloth)
    if key is not None:
        ImageDraw.Draw(image).rectangle(PLACE, fill=key)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("cloth", "key", "found"), [(RED, STEEL, 1), (RED, None, 0), (GREEN, STEEL, 0), (RED, GREEN, 0)]
)
def test_keys(cloth: tuple[int, int, int], key: tuple[int, int, int] | None, found: int) -> None:
    """A key on a red cloth is found where it lies; nothing else is."""
    findings = SCANNER.scan(photo(cloth, key)).findings
    assert [finding.kind for finding in findings] == ["object.key"] * found
    assert [finding.box for finding in findings] == [Box(120, 90, 81, 31)] * found


def test_a_clean_copy_hides_the_key() -> None:
    """Nobody can cut it from the copy."""
    scanner = Scanner(detectors=[KeyDetector()])
    with Image.open(io.BytesIO(clean(photo(RED, STEEL), scanner=scanner).data)) as copy:
        assert copy.convert("RGB").getpixel((160, 105)) != STEEL

"""What does a picture that is in memory give away? `python docs/examples/scan_picture.py PHOTO`."""

import sys

from PIL import Image

from photoscan import Report, Scanner, ScanOptions


def look(picture: Image.Image, scanner: Scanner) -> Report:
    """The report of a Pillow picture: of its pixels, and of the EXIF that it carries."""
    return scanner.scan(picture, name="picture.png")


def main() -> None:
    """Tell each finding, masked, and where it is."""
    scanner = Scanner(ScanOptions(language="en"))
    with Image.open(sys.argv[1]) as picture:
        report = look(picture, scanner)
    for finding in report.findings:
        place = finding.box.as_list() if finding.box else finding.location.type
        print(f"{finding.kind}: {finding.value_masked or '-'}, {finding.confidence:.0%} sure, at {place}")
    print(report.decision.headline())


if __name__ == "__main__":
    main()

"""A look at bytes, kept as JSON and read again later: `python docs/examples/scan_bytes.py < PHOTO`."""

import asyncio
import json
import sys

from photoscan import Report, Scanner, ScanOptions, Status, scan_async


async def look(photos: list[bytes], scanner: Scanner) -> list[Report]:
    """The reports of several photos, while the event loop goes on."""
    return [await scan_async(photo, scanner=scanner) for photo in photos]


def stored(report: Report) -> str:
    """What to keep of it: values stay out."""
    return json.dumps(report.to_dict())


def summary(text: str) -> str:
    """One line about a report that was kept."""
    report = Report.from_dict(json.loads(text))
    if report.error is not None:
        return f"not inspected: {report.error.message}"
    failed = [outcome.name for outcome in report.detectors if outcome.status is Status.FAILED]
    kinds = sorted({finding.kind.value for finding in report.findings if finding.likely})
    gap = f"; not looked for: {', '.join(failed)}" if failed else ""
    return f"{report.verdict}, risk {report.risk.score} of 100: {', '.join(kinds) or 'nothing found'}{gap}"


def main() -> None:
    """Look at the metadata of a photo on standard input."""
    scanner = Scanner(ScanOptions(only=("metadata",)))
    for report in asyncio.run(look([sys.stdin.buffer.read()], scanner)):
        print(summary(stored(report)))


if __name__ == "__main__":
    main()

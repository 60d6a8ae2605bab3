"""A policy of one's own, made in the program: `python docs/examples/own_policy.py PHOTO...`."""

import sys

from photoscan import CleanPlan, CleanResult, KindRule, Photo, Policy, Redaction, Report, Scanner, clean

CLASSIFIEDS = Policy(
    name="classifieds",
    version="3",
    # Cars are sold here: their plates may be seen. A password never may, not even a possible one.
    kinds={"plate": "allow", "text.phone": "review", "text.secret": KindRule("block", 0.2)},
    block_from="critical",
    redaction=Redaction(kinds=("face", "text", "code", "document"), keep=("icc", "orientation")),
)


def decide(photo: Photo, scanner: Scanner) -> tuple[Report, CleanResult | None]:
    """The report, and a safe copy where somebody would have to look at the photo."""
    report = scanner.scan(photo)
    if report.verdict != "review":
        return report, None
    # What the policy says of copies, with one choice of our own.
    plan = CleanPlan.by_policy(scanner.policy, rename=True)
    return report, clean(photo, report, plan, scanner=scanner)


def main() -> None:
    """Decide about the photos that are named, and say why."""
    scanner = Scanner(policy=CLASSIFIEDS)
    for name in sys.argv[1:]:
        report, copy = decide(Photo.open(name), scanner)
        print(f"{name}: {report.verdict}{' (a safe copy was made)' if copy else ''}")
        for reason in report.decision.reasons:
            print(f"  {reason.sentence}")


if __name__ == "__main__":
    main()

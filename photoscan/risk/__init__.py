"""Judging a report: score, linkage rules, verdict, explanations. Sees reports and policies, never a picture."""

from photoscan.risk.assess import assess

__all__ = ["assess"]

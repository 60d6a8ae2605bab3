"""Measurements: run by hand, printed as tables; no test depends on a machine's speed."""

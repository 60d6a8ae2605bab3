"""Detectors from outside: what they have to be, how they are found, and how they are kept from hurting the others.

A package brings a detector along by an entry point of the group `photoscan.detectors` (docs/python.md). Its code runs
with all rights of the program that asks for it: `photoscan serve` asks for none unless it is named.
"""

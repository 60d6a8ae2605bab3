"""The command line. Commands load on use, so that `photoscan --help` stays light."""

from photoscan.cli.root import main

__all__ = ["main"]

"""The command line in a process that may list objects and read none: `python -m tests.extras.blind batch ...`.

Its workers are processes of their own, which may.
"""

from __future__ import annotations

import os
from typing import Any

from s3fs import S3FileSystem

from photoscan.cli import main

READ = 99
"""What it ends with where it reads an object."""


def blind(plain: Any) -> Any:
    async def call(self: Any, method: str, *rest: Any, **asked: Any) -> Any:
        if method == "get_object":
            os._exit(READ)
        return await plain(self, method, *rest, **asked)

    return call


if __name__ == "__main__":
    S3FileSystem._call_s3 = blind(S3FileSystem._call_s3)
    main()

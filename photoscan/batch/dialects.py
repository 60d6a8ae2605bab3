"""What some stores can beside what all file systems of fsspec can: list by pages, and read one version by one request.

Each dialect names objects in the order of their names, as its store does, and holds one page of them at a time. A store
that has none here is listed by walking and read in the general way (`store.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Protocol

from photoscan.batch.executor import ChangedError

Info = Mapping[str, Any]
"""What a store says of an object: `name` (with its bucket), `size` in bytes, and what tells its version."""
PAGE = 1000
"""Objects in a page: as many as S3 gives at most."""


class Dialect(Protocol):
    """One store's own way."""

    def objects(self, start: str, deep: bool) -> Iterator[Info]:
        """Every object whose name, with its bucket, begins so; where it is not `deep`, only up to the next slash."""

    def read(self, path: str, size: int, mark: str) -> bytes:
        """The bytes of the version with that mark, by one request.

        Raises ChangedError where it is another one by now, FileNotFoundError, and errors of the store's own.
        """


def dialect(files: Any) -> Dialect | None:
    """That of a file system of fsspec; None where there is none."""
    spoken = (files.protocol,) if isinstance(files.protocol, str) else tuple(files.protocol)
    return next((_DIALECTS[name](files) for name in spoken if name in _DIALECTS), None)


class _S3:
    """By s3fs. A mark is an ETag, quotes and all."""

    def __init__(self, files: Any) -> None:
        self.files = files

    def objects(self, start: str, deep: bool) -> Iterator[Info]:
        bucket, prefix, _ = self.files.split_path(start)
        asked = {"Bucket": bucket, "Prefix": prefix, "MaxKeys": PAGE} | ({} if deep else {"Delimiter": "/"})
        while True:
            page = self.files.call_s3("list_objects_v2", **asked)
            for row in page.get("Contents", ()):
                yield {"name": f"{bucket}/{row['Key']}", "size": row["Size"], "ETag": row["ETag"]}
            if not page.get("IsTruncated"):
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def read(self, path: str, size: int, mark: str) -> bytes:
        bucket, key, _ = self.files.split_path(path)

        async def fetched() -> Any:
            answer = await self.files._call_s3("get_object", Bucket=bucket, Key=key, IfMatch=mark)
            try:
                # Not every store that speaks S3 knows conditions.
                if answer["ETag"] != mark or answer["ContentLength"] != size:
                    raise ChangedError("problem.photo.restless", path=path)
                return await answer["Body"].read()
            finally:
                answer["Body"].close()

        try:
            return bytes(_here(self.files, fetched))
        except OSError as error:
            response = getattr(error.__cause__, "response", None) or {}
            if response.get("Error", {}).get("Code") in ("PreconditionFailed", "412"):
                raise ChangedError("problem.photo.restless", path=path) from None
            raise


class _Google:
    """By gcsfs. A mark is a generation, which no other content ever has."""

    def __init__(self, files: Any) -> None:
        self.files = files

    def objects(self, start: str, deep: bool) -> Iterator[Info]:
        bucket, _, prefix = start.partition("/")
        asked = {"prefix": prefix, "maxResults": PAGE} | ({} if deep else {"delimiter": "/"})
        while True:
            page = self.files.call("GET", "b/{}/o", bucket, json_out=True, **asked)
            for row in page.get("items", ()):
                yield {
                    "name": f"{bucket}/{row['name']}", "size": int(row["size"]), "generation": row["generation"],
                }  # fmt: skip
            if not (token := page.get("nextPageToken")):
                return
            asked["pageToken"] = token

    def read(self, path: str, size: int, mark: str) -> bytes:
        try:
            told, data = self.files.call("GET", self.files.url(path, generation=mark))
        except FileNotFoundError:
            self.files.info(path)
            # There is one of that name: it has replaced the other.
            raise ChangedError("problem.photo.restless", path=path) from None
        if len(data) != size or told.get("X-Goog-Generation", mark) != mark:
            raise ChangedError("problem.photo.restless", path=path)
        return bytes(data)


class _Azure:
    """By adlfs. A mark is an ETag, quotes and all."""

    def __init__(self, files: Any) -> None:
        self.files = files

    def objects(self, start: str, deep: bool) -> Iterator[Info]:
        container, _, prefix = start.partition("/")
        service = self.files.service_client.get_container_client(container)
        asked = {"name_starts_with": prefix, "include": ["metadata"], "results_per_page": PAGE}
        pages = (service.list_blobs(**asked) if deep else service.walk_blobs(delimiter="/", **asked)).by_page()

        async def following() -> list[Any] | None:
            async for page in pages:
                return [row async for row in page]
            return None

        while (page := _here(self.files, following)) is not None:
            for row in page:
                # With a hierarchy of names, folders are listed too.
                folder = not hasattr(row, "etag") or "hdi_isfolder" in {name.lower() for name in row.metadata or ()}
                if not folder:
                    yield {"name": f"{container}/{row.name}", "size": row.size, "etag": _quoted(row.etag)}

    def read(self, path: str, size: int, mark: str) -> bytes:
        from azure.core import MatchConditions

        container, _, name = path.partition("/")

        async def fetched() -> Any:
            blob = self.files.service_client.get_blob_client(container, name)
            stream = await blob.download_blob(etag=mark, match_condition=MatchConditions.IfNotModified)
            if stream.size != size:
                raise ChangedError("problem.photo.restless", path=path)
            return await stream.readall()

        try:
            return bytes(_here(self.files, fetched))
        except Exception as error:
            status = getattr(error, "status_code", None)
            if status == HTTPStatus.PRECONDITION_FAILED:
                raise ChangedError("problem.photo.restless", path=path) from None
            if status == HTTPStatus.NOT_FOUND:
                raise FileNotFoundError(path) from None
            raise


def _quoted(etag: str) -> str:
    """As adlfs gives it: the service's listing and its look at one object differ in quotes."""
    return f'"{etag.strip(chr(34))}"'


def _here(files: Any, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """The result of a coroutine in the loop of an asynchronous file system, which runs in a thread of its own."""
    return asyncio.run_coroutine_threadsafe(work(), files.loop).result()


_DIALECTS: dict[str, Callable[[Any], Dialect]] = {
    "s3": _S3, "gs": _Google, "gcs": _Google, "abfs": _Azure, "az": _Azure,
}  # fmt: skip
"""By the protocols that the file systems name as theirs."""

"""Reading a request's body: raw or multipart, piece by piece, refused as soon as it is too long or no photo."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from photoscan import formats, other_formats
from photoscan.errors import phrase
from photoscan.service.gate import Body
from photoscan.service.problem import ProblemError
from photoscan.service.settings import TEXT_BYTES
from photoscan.service.unknown import refuse_unknown

OVERHEAD = 64 * 1024
"""Bytes of a multipart body beside photo and caption."""
PARTS = 16
STILL = 0.25
"""Of the time that a body may take, how long it may stand still."""
_SILENT = logging.Logger("photoscan.service.form", logging.CRITICAL + 1)
CAPTION, FILE = "caption", "photo"


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo as it came: its bytes, and the file's name and the caption where the caller told them.

    `refused`: why one of an album is not looked at; it has no bytes then.
    """

    data: bytes = field(repr=False)
    name: str | None = field(default=None, repr=False)
    caption: str | None = field(default=None, repr=False)
    refused: ProblemError | None = None


async def receive_photo(request: Request, account: Body, max_bytes: int, seconds: float) -> Upload:
    """The photo of a request.

    Raises the problems bad_body, slow_upload, too_large, unsupported_format, full, uploads.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data":
        raw = _Part(max_bytes, photo=True)
        await _feed(request, account, max_bytes, seconds, raw.add)
        return Upload(raw.whole())
    form = _Form(options.get(b"boundary", b""), max_bytes)
    await _feed(request, account, max_bytes, seconds, form.write, beside=TEXT_BYTES + OVERHEAD)
    return form.upload()


async def receive_album(
    request: Request, account: Body, max_bytes: int, whole: int, seconds: float, most: int
) -> list[Upload]:
    """The photos of a form, `most` at most, and its caption with the first of them that is one.

    `max_bytes` of each, `whole` of all. What is no photo, or too long a one, is told as refused. Raises bad_body,
    slow_upload, full, and too_large for all together.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data":
        raise ProblemError("bad_body", phrase("serve.detail.album", most=most, field=FILE))
    form = _Form(options.get(b"boundary", b""), max_bytes, most)
    await _feed(request, account, whole, seconds, form.write, beside=TEXT_BYTES + OVERHEAD)
    return form.uploads()


async def receive_small(request: Request, account: Body, max_bytes: int, seconds: float) -> bytes:
    """A short body, such as a text. Raises the problems bad_body, slow_upload, too_large, full, uploads."""
    body = bytearray()
    await _feed(request, account, max_bytes, seconds, body.extend)
    return bytes(body)


async def _feed(
    request: Request, account: Body, max_bytes: int, seconds: float, take: Callable[[bytes], None], beside: int = 0
) -> None:
    """Hand on the body's pieces as they come, until it is longer than it may be, takes too long or stands still.

    `beside`: bytes that may come beside the `max_bytes` that the caller is told of.
    """
    if request.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise ProblemError("encoded_body")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > max_bytes + beside:
        raise too_long(max_bytes)
    uploads, client = account.gate.uploads, request.state.client
    clock = asyncio.get_running_loop().time
    end, count = clock() + seconds, 0
    try:
        with uploads.coming(client) as coming:
            async with asyncio.timeout(seconds * STILL) as patience:
                async for chunk in request.stream():
                    count += len(chunk)
                    if count > max_bytes + beside:
                        raise too_long(max_bytes)
                    account.grow(len(chunk))
                    uploads.grow(client, coming, len(chunk))
                    take(chunk)
                    if chunk:
                        patience.reschedule(min(end, clock() + seconds * STILL))
    except TimeoutError:
        raise ProblemError("slow_upload", headers={"connection": "close"}) from None
    except ClientDisconnect:
        raise ProblemError("bad_body", phrase("serve.detail.cut_off")) from None


def too_long(max_bytes: int) -> ProblemError:
    """The problem of a body that is longer than the limit."""
    return ProblemError("too_large", phrase("serve.detail.bytes", limit=max_bytes))


class _Part:
    """One part of a form, or a whole raw body."""

    def __init__(self, limit: int, photo: bool = False) -> None:
        self.data = bytearray()
        self.limit = limit
        self.photo = photo
        self.headers: dict[bytes, bytes] = {}
        self.field = b""
        self.value = b""
        self.name = ""
        self.filename: str | None = None
        self.refused: ProblemError | None = None

    def try_add(self, chunk: bytes) -> None:
        """Append, unless it was refused; one that is refused now is let go."""
        if self.refused is None:
            self._try(lambda: self.add(chunk))

    def try_whole(self) -> bytes:
        """All bytes, once all have come; none where it was refused."""
        if self.refused is None:
            self._try(self.check)
        return bytes(self.data)

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except ProblemError as problem:
            self.refused = problem
            self.data.clear()

    def add(self, chunk: bytes) -> None:
        """Append; the problem too_large or, once the first bytes are there, unsupported_format."""
        known = len(self.data) >= formats.HEAD
        self.data += chunk
        if len(self.data) > self.limit:
            raise too_long(self.limit)
        if self.photo and not known and len(self.data) >= formats.HEAD:
            self.check()

    def check(self) -> None:
        """Raise the problem of bytes that are no photo."""
        head = bytes(self.data[: formats.HEAD])
        if formats.detect(head) is None:
            looks = other_formats.looks(head)
            raise ProblemError("unsupported_format", phrase("serve.detail.no_photo", looks=looks))

    def whole(self) -> bytes:
        """All bytes, once all have come."""
        if self.photo:
            self.check()
        return bytes(self.data)


class _Form:
    """A multipart form with photos, `most` at most: parts that have a file's name, or are named 'photo'."""

    def __init__(self, boundary: bytes, max_bytes: int, most: int | None = None) -> None:
        self.max_bytes = max_bytes
        self.most = most
        self.parts: list[_Part] = []
        self.ended = False
        try:
            self.parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._field,
                    "on_header_value": self._value,
                    "on_header_end": self._header,
                    "on_headers_finished": self._headers,
                    "on_part_data": self._data,
                    "on_end": self._end,
                },
            )
        except (FormParserError, ValueError):
            raise ProblemError("bad_body", phrase("serve.detail.boundary")) from None
        # Its warnings quote bytes of the request, whatever the level of anybody's log.
        self.parser.logger = _SILENT

    def write(self, chunk: bytes) -> None:
        """The next piece; the problems bad_body, too_large, unsupported_format."""
        try:
            self.parser.write(chunk)
        except FormParserError:
            raise ProblemError("bad_body", phrase("serve.detail.form")) from None

    def upload(self) -> Upload:
        """What the form holds, once all of it has come."""
        photos = [part for part in self.parts if part.photo]
        if self.ended and len(photos) != 1:
            raise ProblemError("bad_body", phrase("serve.detail.form_photos", count=len(photos), field=FILE))
        return self.uploads()[0]

    def uploads(self) -> list[Upload]:
        """All photos that the form holds, the caption with the first, once all of it has come."""
        if not self.ended:
            raise ProblemError("bad_body", phrase("serve.detail.form_ends"))
        photos = [part for part in self.parts if part.photo]
        refuse_unknown((part.name for part in self.parts if not part.photo), (FILE, CAPTION))
        captions = [part for part in self.parts if part.name == CAPTION and not part.photo]
        try:
            caption = "\n".join(part.whole().decode("utf-8") for part in captions)
        except UnicodeDecodeError:
            raise ProblemError("bad_body", phrase("serve.detail.caption")) from None
        if self.most is None:
            return [Upload(part.whole(), part.filename, caption or None) for part in photos]
        found = [Upload(part.try_whole(), part.filename, None, part.refused) for part in photos]
        first = next((i for i, upload in enumerate(found) if upload.refused is None), None)
        return [replace(upload, caption=caption or None) if i == first else upload for i, upload in enumerate(found)]

    def _begin(self) -> None:
        parts = PARTS + (self.most or 0)
        if len(self.parts) == parts:
            raise ProblemError("bad_body", phrase("serve.detail.form_parts", count=parts))
        self.parts.append(_Part(TEXT_BYTES))

    def _field(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].field += data[start:end]

    def _value(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].value += data[start:end]

    def _header(self) -> None:
        part = self.parts[-1]
        part.headers[part.field.lower()] = part.value
        part.field = part.value = b""

    def _headers(self) -> None:
        part = self.parts[-1]
        _, options = parse_options_header(part.headers.get(b"content-disposition"))
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            # Only the last piece: some browsers once sent the whole path.
            name = options[b"filename"].decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
            part.filename = "".join(c for c in name if c.isprintable())[:255] or None
        if part.name == FILE or b"filename" in options:
            part.photo, part.limit = True, self.max_bytes
            if self.most is not None and sum(part.photo for part in self.parts) > self.most:
                raise ProblemError("bad_body", phrase("serve.detail.album", most=self.most, field=FILE))

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self.parts[-1]
        add = part.try_add if part.photo and self.most is not None else part.add
        add(data[start:end])

    def _end(self) -> None:
        self.ended = True

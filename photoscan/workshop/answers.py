"""Answers that all routes of the workshop share: problems, and files to be saved."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from photoscan.errors import PhotoscanError
from photoscan.web import PROBLEM
from photoscan.workshop.bodies import SlowBodyError
from photoscan.workshop.desk import FullError
from photoscan.workshop.guard import problem_members


def problem(
    status: int, code: str, title: str, headers: Mapping[str, str] | None = None, said: Mapping[str, str] | None = None
) -> Response:
    """A problem document (RFC 9457). `code` names the text that the page shows, `said` is one by language."""
    row = problem_members(status, code, title) | ({"said": said} if said else {})
    return JSONResponse(row, status, headers=headers, media_type=PROBLEM)


def missing(*_: object) -> Response:
    """404, for what never was as well as for what is forgotten."""
    return problem(404, "gone", "There is no such thing here, or it was forgotten.")


def download(data: bytes, media_type: str, name: str) -> Response:
    """A file that the browser saves."""
    return Response(data, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


def as_json(value: object) -> bytes:
    """JSON for people to read."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def tell_problems(app: FastAPI) -> None:
    """Have an application answer every error with a problem document that quotes nothing."""
    app.add_exception_handler(PhotoscanError, _refused)
    app.add_exception_handler(FullError, full)
    app.add_exception_handler(SlowBodyError, _slow)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(404, missing)
    app.add_exception_handler(Exception, _failed)


def full(*_: object) -> Response:
    """503: try again in a moment."""
    return problem(503, "busy", "Too many photos are waiting: try again in a moment.", {"retry-after": "5"})


def _slow(*_: object) -> Response:
    return problem(408, "slow", "The photo did not come in time.", {"connection": "close"})


def _left(*_: object) -> Response:
    # Nobody takes this; without it each phone that loses its network would be a traceback on the terminal.
    return problem(400, "error", "The request was not finished.")


def _failed(*_: object) -> Response:
    return problem(500, "error", "Something went wrong.")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, PhotoscanError)
    # The sentence may name the file; the code tells the page what to say.
    return problem(error.http_status, error.code, error.code.replace("_", " "))

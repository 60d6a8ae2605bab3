"""An upload by FastAPI that asks photoscan before it keeps a photo.

    photoscan serve --policy platform &
    uvicorn --app-dir docs/examples/gate fastapi_upload:app

PHOTOSCAN_URL and PHOTOSCAN_API_KEY say where the service is, UPLOADS the folder for photos. PHOTOSCAN_OTHERWISE=open
keeps photos that nobody could look at; by default they are refused.
"""

import os
import secrets
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, UploadFile

from photoscan.client import Client, ServiceError

app = FastAPI()
service = Client(os.environ.get("PHOTOSCAN_URL", "http://127.0.0.1:8000"))


@app.post("/upload", status_code=201)
def upload(photo: UploadFile, caption: Annotated[str | None, Form()] = None) -> dict[str, str]:
    """Keep a photo that may be shared; say why another one was refused.

    A plain function: FastAPI runs it in a thread, so that waiting for the service holds nobody up.
    """
    data = photo.file.read()
    try:
        check = service.check(data, name=photo.filename, caption=caption)
    except ServiceError as error:
        if error.unseen and os.environ.get("PHOTOSCAN_OTHERWISE") == "open":
            return {"shared": keep(data)}
        raise HTTPException(503 if error.unseen else 422, error.problem.get("title", "Try again later")) from None
    if check.decision != "allow":
        raise HTTPException(422, [reason["message"] for reason in check.reasons])
    return {"shared": keep(data)}


def keep(data: bytes) -> str:
    """Store a photo under a name that tells nothing; the name."""
    folder = Path(os.environ.get("UPLOADS", "uploads"))
    folder.mkdir(exist_ok=True)
    name = secrets.token_hex(16)
    (folder / name).write_bytes(data)
    return name

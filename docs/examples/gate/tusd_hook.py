"""A hook for tusd, the server of resumable uploads: an upload that may not be shared is refused and removed.

    photoscan serve --policy platform &
    uvicorn --app-dir docs/examples/gate --port 8001 tusd_hook:app &
    tusd -upload-dir uploads -hooks-http http://127.0.0.1:8001/hook -hooks-enabled-events pre-finish

PHOTOSCAN_URL and PHOTOSCAN_API_KEY say where the service is, UPLOADS the folder of tusd. PHOTOSCAN_OTHERWISE=open lets
photos pass that nobody could look at; by default they are refused, and the client may send them again.
"""

import json
import os
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from photoscan.client import Client, ServiceError

app = FastAPI()
service = Client(os.environ.get("PHOTOSCAN_URL", "http://127.0.0.1:8000"))


@app.post("/hook")
def hook(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to one event: empty to let it pass, or the response that the uploader gets instead."""
    if asked["Type"] != "pre-finish":
        return {}
    upload = asked["Event"]["Upload"]
    file = stored(upload)
    try:
        check = service.check(file.read_bytes(), name=upload.get("MetaData", {}).get("filename"))
    except ServiceError as error:
        if not error.unseen:
            return refused(upload, 422, {"title": error.problem.get("title", "")})
        if os.environ.get("PHOTOSCAN_OTHERWISE") == "open":
            return {}
        return refused(upload, 503, {"title": "Try again later"})
    if check.decision == "allow":
        return {}
    return refused(upload, 422, {"decision": check.decision, "reasons": [row["message"] for row in check.reasons]})


def stored(upload: dict[str, Any]) -> Path:
    """The file of an upload, which has to lie in tusd's folder."""
    folder = Path(os.environ.get("UPLOADS", "uploads")).resolve()
    file = Path(upload["Storage"]["Path"]).resolve()
    if not file.is_relative_to(folder):
        raise ValueError("not a file of tusd's folder")
    return file


def refused(upload: dict[str, Any], status: int, document: dict[str, Any]) -> dict[str, Any]:
    """Remove what was uploaded, since tusd keeps it whatever a pre-finish hook says; the response instead."""
    file = stored(upload)
    for path in (file, file.with_name(f"{file.name}.info")):
        path.unlink(missing_ok=True)
    body = json.dumps(document, ensure_ascii=False)
    return {"HTTPResponse": {"StatusCode": status, "Body": body, "Header": {"Content-Type": "application/json"}}}

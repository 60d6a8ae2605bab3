"""A website's upload form that asks photoscan before it keeps a photo (Flask).

    photoscan serve --policy platform &
    flask --app docs/examples/upload_form.py run

PHOTOSCAN_URL and PHOTOSCAN_API_KEY say where the service is; UPLOADS is the folder for photos.
"""

import os
import secrets
from pathlib import Path

from flask import Flask, render_template_string, request

from photoscan.client import Check, Client, ServiceError

PAGE = """<!doctype html>
<html lang="en">
<title>Share a photo</title>
<h1>Share a photo</h1>
{% if message %}<p role="status">{{ message }}</p>{% endif %}
{% if reasons %}<ul>{% for reason in reasons %}<li>{{ reason }}</li>{% endfor %}</ul>{% endif %}
<form method="post" enctype="multipart/form-data">
  <p><label>Photo <input type="file" name="photo" accept="image/*" required></label>
  <p><label>Caption <input name="caption"></label>
  <p><button>Share</button>
</form>
</html>
"""
LANGUAGES = ["en", "ms", "id", "pt-BR"]
MAX_BYTES = 32 * 1024 * 1024

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES
service = Client(os.environ.get("PHOTOSCAN_URL", "http://127.0.0.1:8000"))


@app.get("/")
def form() -> str:
    """The form by itself."""
    return page("")


@app.post("/")
def upload() -> tuple[str, int]:
    """Keep the photo, keep a copy that is safe to share instead, or keep nothing and say why."""
    file = request.files.get("photo")
    if file is None or not file.filename:
        return page("Choose a photo first."), 400
    data = file.read()
    language = request.accept_languages.best_match(LANGUAGES, "en")
    try:
        check = service.check(
            data, name=file.filename, caption=request.form.get("caption"), policy="platform", language=language
        )
        if check.decision == "allow":
            keep(data)
            return page("Shared."), 201
        if check.decision == "review":
            copy = service.clean(data, name=file.filename, policy="platform")
            # A policy can ask for a look at what it does not hide: then the copy is not shared unseen either.
            if copy.decision == "allow":
                keep(copy.data)
                return page("Shared as a safe copy. This was hidden or removed:", found(check)), 201
    except ServiceError as error:
        if not error.unseen and error.status not in (401, 403, 404, 421):
            # Not a photo, broken, too large, or there is no safe copy of it: the title says so, in the service's words.
            return page(error.problem.get("title", "This photo can't be shared.")), 422
        # Nobody has looked at the photo, so it is not kept.
        return page("Photos can't be checked just now: please try again later."), 503
    # 'block', or 'incomplete': something could not be inspected; or even a copy would have to be looked at.
    return page("Not shared.", [reason["message"] for reason in check.reasons]), 422


def page(message: str, reasons: list[str] | None = None) -> str:
    """The form with a message above it."""
    return render_template_string(PAGE, message=message, reasons=reasons)


def found(check: Check) -> list[str]:
    """Why each finding matters, each reason once."""
    return list(dict.fromkeys(finding["explanation"] for finding in check.report["findings"]))


def keep(data: bytes) -> None:
    """Keep a photo under a name that tells nothing."""
    folder = Path(os.environ.get("UPLOADS", "uploads"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"photo-{secrets.token_hex(8)}").write_bytes(data)

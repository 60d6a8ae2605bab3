"""A validator for Django: a form or model field whose photo photoscan has to allow.

    photo = models.ImageField(validators=[allowed_by_photoscan])

PHOTOSCAN_URL and PHOTOSCAN_API_KEY say where the service is. PHOTOSCAN_OTHERWISE=open lets photos pass that nobody
could look at; by default they are refused.
"""

import os
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from photoscan.client import Client, ServiceError

LANGUAGES = {"ms": "ms", "id": "id", "pt-br": "pt-BR", "pt": "pt-BR"}


def allowed_by_photoscan(photo: Any) -> None:
    """Raise ValidationError, with the reasons in the language of the request, for a photo that may not be shared."""
    language = LANGUAGES.get((get_language() or "en").lower(), "en")
    photo.seek(0)
    data = photo.read()
    photo.seek(0)
    service = Client(os.environ.get("PHOTOSCAN_URL", "http://127.0.0.1:8000"))
    try:
        check = service.check(data, name=getattr(photo, "name", None), language=language)
    except ServiceError as error:
        if error.unseen and os.environ.get("PHOTOSCAN_OTHERWISE") == "open":
            return
        raise ValidationError(error.problem.get("title", "Try again later"), code=error.reason) from None
    if check.decision != "allow":
        raise ValidationError([ValidationError(row["message"], code=check.decision) for row in check.reasons])

"""A handler for events of an object store (AWS Lambda on s3:ObjectCreated, MinIO, ...): photos wait in one bucket.

Those that may be shared are copied to PUBLIC_BUCKET; of those that should be looked at, a safe copy is, where that may
be shared: a policy can ask for a look at what it does not hide. All others stay where they are, with the tag
`photoscan` that says why. An event for which nobody could look fails, so that the store sends it again: nothing is
copied unseen.

PHOTOSCAN_URL and PHOTOSCAN_API_KEY say where the service is.
"""

import os
from typing import Any
from urllib.parse import unquote_plus

from photoscan.client import Client, ServiceError


def handler(event: dict[str, Any], context: object = None, store: Any = None) -> list[str]:
    """What became of each object of the event. `store`: a client of S3, by default boto3's."""
    if store is None:
        import boto3

        store = boto3.client("s3")
    service = Client(os.environ.get("PHOTOSCAN_URL", "http://127.0.0.1:8000"))
    return [judged(record["s3"], store, service) for record in event["Records"]]


def judged(row: dict[str, Any], store: Any, service: Client) -> str:
    """Look at one object and act; the decision, or the problem's code. Raises ServiceError where nobody could look."""
    place = {"Bucket": row["bucket"]["name"], "Key": unquote_plus(row["object"]["key"])}
    # The very object that the event tells of: it may have been replaced since.
    answer = store.get_object(**place, IfMatch=row["object"]["eTag"])
    data = answer["Body"].read()
    public = {"Bucket": os.environ["PUBLIC_BUCKET"], "Key": place["Key"]}
    try:
        decision = service.check(data, name=place["Key"].rpartition("/")[2]).decision
        if decision == "allow":
            store.put_object(**public, Body=data, ContentType=answer.get("ContentType", "application/octet-stream"))
        elif decision == "review":
            copy = service.clean(data)
            if copy.decision == "allow":
                store.put_object(**public, Body=copy.data, ContentType=copy.media_type)
    except ServiceError as error:
        # What takes too long would do so again. That the key or the address is wrong says nothing of the photo.
        if (error.unseen and error.reason != "timeout") or error.status in (401, 403, 404, 421):
            raise
        decision = error.reason
    store.put_object_tagging(**place, Tagging={"TagSet": [{"Key": "photoscan", "Value": decision}]})
    return decision

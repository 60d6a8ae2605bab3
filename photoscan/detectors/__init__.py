"""The detectors, in the order in which they run: cheap ones first, so that a user sees something early.

Adding a detector is one file, one line here, one table test.
"""

from photoscan.detectors.base import Detector
from photoscan.detectors.listed import Listed, ListedText
from photoscan.kind import Kind

REGISTRY: tuple[Detector, ...] = (
    Listed("gps:GpsDetector", "gps", "metadata", Kind.METADATA_GPS),
    Listed("statements:PlaceDetector", "metadata.places", "metadata", Kind.METADATA_PLACE),
    Listed("statements:NameDetector", "metadata.names", "metadata", Kind.METADATA_PERSON),
    Listed("statements:SerialDetector", "metadata.serials", "metadata", Kind.METADATA_SERIAL),
    Listed("statements:IdentifierDetector", "metadata.identifiers", "metadata", Kind.METADATA_IDENTIFIER),
    Listed("statements:TimeDetector", "metadata.times", "metadata", Kind.METADATA_DATETIME),
    Listed("statements:DeviceDetector", "metadata.devices", "metadata", Kind.METADATA_DEVICE),
    Listed("statements:SoftwareDetector", "metadata.software", "metadata", Kind.METADATA_SOFTWARE),
    Listed("statements:CommentDetector", "metadata.comments", "metadata", Kind.METADATA_COMMENT),
    Listed(
        "hidden_parts:HiddenPartDetector",
        "hidden_parts",
        "metadata",
        Kind.METADATA_THUMBNAIL,
        Kind.METADATA_SHADOW_IMAGE,
        Kind.METADATA_MOTION,
        Kind.METADATA_TRAILING,
        Kind.METADATA_PROVENANCE,
        Kind.METADATA_PROFILE,
        Kind.METADATA_UNKNOWN,
    ),
    Listed("filename:FilenameDetector", "filename", "metadata", Kind.METADATA_FILENAME),
    Listed("origin:OriginDetector", "origin", "metadata", Kind.METADATA_COMMENT),
    Listed("face:FaceDetector", "face", "pixels", Kind.FACE, Kind.FACE_CHILD, Kind.FACE_KNOWN),
    Listed("plate:PlateDetector", "plate", "pixels", Kind.PLATE),
    Listed("code:CodeDetector", "code", "pixels", Kind.CODE_QR, Kind.CODE_BARCODE, Kind.CODE_BOARDING_PASS),
    ListedText(
        "address:AddressDetector",
        "address",
        Kind.TEXT_ADDRESS,
        Kind.TEXT_STREET,
        Kind.TEXT_HOUSE_NUMBER,
        Kind.TEXT_PLACE,
    ),
    ListedText("contact:ContactDetector", "contact", Kind.TEXT_PHONE, Kind.TEXT_EMAIL),
    ListedText("identity:IdentityDetector", "identity", Kind.TEXT_NATIONAL_ID, Kind.TEXT_PASSPORT, Kind.TEXT_DEVICE),
    ListedText("payment:PaymentDetector", "payment", Kind.TEXT_PAYMENT_CARD, Kind.TEXT_BANK_ACCOUNT),
    ListedText("person:PersonDetector", "person", Kind.TEXT_PERSON),
    ListedText("birth:BirthDetector", "birth", Kind.TEXT_BIRTH_DATE),
    ListedText("tracking:TrackingDetector", "tracking", Kind.TEXT_TRACKING),
    ListedText("school:SchoolDetector", "school", Kind.TEXT_SCHOOL),
    ListedText("medical:MedicalDetector", "medical", Kind.TEXT_MEDICAL),
    ListedText("web:WebDetector", "web", Kind.TEXT_URL, Kind.TEXT_HANDLE),
    ListedText(
        "written_code:WrittenCodeDetector",
        "written_code",
        Kind.TEXT_SECRET,
        Kind.TEXT_PHONE,
        Kind.TEXT_EMAIL,
        Kind.TEXT_ADDRESS,
        Kind.TEXT_BIRTH_DATE,
        Kind.TEXT_PERSON,
        Kind.TEXT_BANK_ACCOUNT,
        Kind.TEXT_TRACKING,
        Kind.TEXT_HANDLE,
        Kind.TEXT_MEDICAL,
    ),
    Listed(
        "document.detector:DocumentDetector",
        "document",
        "pixels",
        Kind.DOCUMENT_ID_CARD,
        Kind.DOCUMENT_PASSPORT,
        Kind.DOCUMENT_DRIVING_LICENCE,
        Kind.DOCUMENT_PAYMENT_CARD,
        Kind.DOCUMENT_BOARDING_PASS,
    ),
    ListedText("secret:SecretDetector", "secret", Kind.TEXT_SECRET),
)

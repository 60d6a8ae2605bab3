"""The detectors, in the order in which they run: cheap ones first, so that a user sees something early.

Adding a detector is one file, one line here, one table test.
"""

from photoscan.detectors.address import AddressDetector
from photoscan.detectors.base import Detector
from photoscan.detectors.birth import BirthDetector
from photoscan.detectors.code import CodeDetector
from photoscan.detectors.contact import ContactDetector
from photoscan.detectors.document import DocumentDetector
from photoscan.detectors.face import FaceDetector
from photoscan.detectors.filename import FilenameDetector
from photoscan.detectors.gps import GpsDetector
from photoscan.detectors.hidden_parts import HiddenPartDetector
from photoscan.detectors.identity import IdentityDetector
from photoscan.detectors.medical import MedicalDetector
from photoscan.detectors.origin import OriginDetector
from photoscan.detectors.payment import PaymentDetector
from photoscan.detectors.person import PersonDetector
from photoscan.detectors.plate import PlateDetector
from photoscan.detectors.school import SchoolDetector
from photoscan.detectors.secret import SecretDetector
from photoscan.detectors.statements import (
    CommentDetector,
    DeviceDetector,
    IdentifierDetector,
    NameDetector,
    PlaceDetector,
    SerialDetector,
    SoftwareDetector,
    TimeDetector,
)
from photoscan.detectors.tracking import TrackingDetector
from photoscan.detectors.web import WebDetector
from photoscan.detectors.written_code import WrittenCodeDetector

REGISTRY: tuple[Detector, ...] = (
    GpsDetector(),
    PlaceDetector(),
    NameDetector(),
    SerialDetector(),
    IdentifierDetector(),
    TimeDetector(),
    DeviceDetector(),
    SoftwareDetector(),
    CommentDetector(),
    HiddenPartDetector(),
    FilenameDetector(),
    OriginDetector(),
    FaceDetector(),
    PlateDetector(),
    CodeDetector(),
    AddressDetector(),
    ContactDetector(),
    IdentityDetector(),
    PaymentDetector(),
    PersonDetector(),
    BirthDetector(),
    TrackingDetector(),
    SchoolDetector(),
    MedicalDetector(),
    WebDetector(),
    WrittenCodeDetector(),
    DocumentDetector(),
    SecretDetector(),
)

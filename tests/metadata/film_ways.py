"""How makers write into films, made byte by byte: a film, and what a reader has to tell of it."""

from __future__ import annotations

import struct

from tests.metadata import films
from tests.metadata.containers import box, full, jpeg, tiff
from tests.metadata.films import Track, film, words

NAME, SERIAL = b"Aina Osman", b"SN-998877665"
ISO = b"+03.1390+101.6869/"
HERE = "+03.139000+101.686900/"
APPLE = b"com.apple.quicktime."
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Aina Osman</dc:creator>'
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)
NRTM = (
    b'<?xml version="1.0"?><NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00">'
    b'<CreationDate value="2024-05-06T07:08:09+08:00"/><Device manufacturer="Sony" modelName="ILCE-7M4" '
    b'serialNo="SN-998877665"/><Item name="Latitude" value="3:8:20.400"/><Item name="LatitudeRef" value="N"/>'
    b'<Item name="Longitude" value="101:41:12.840"/><Item name="LongitudeRef" value="E"/></NonRealTimeMeta>'
)


def user(*atoms: bytes) -> bytes:
    """A `udta` box."""
    return box(b"udta", b"".join(atoms))


def value(content: bytes, kind: int = 1) -> bytes:
    """A `data` box of iTunes and Apple."""
    return box(b"data", struct.pack(">II", kind, 0) + content)


def keyed(rows: dict[bytes, bytes]) -> bytes:
    """Apple's `meta` box with keys."""
    keys = full(b"keys", struct.pack(">I", len(rows)) + b"".join(box(b"mdta", key) for key in rows))
    items = (box(struct.pack(">I", i), value(row)) for i, row in enumerate(rows.values(), 1))
    return box(b"meta", full(b"hdlr", bytes(4) + b"mdta" + bytes(13)) + keys + box(b"ilst", b"".join(items)))


def itunes(*items: bytes) -> bytes:
    """iTunes' `udta`."""
    return user(full(b"meta", full(b"hdlr", bytes(4) + b"mdirappl" + bytes(9)) + box(b"ilst", b"".join(items))))


def data_track(coding: bytes, *samples: bytes, inside: bytes = b"", handler: bytes = b"meta") -> Track:
    """A track that is neither shown nor heard."""
    return Track(handler, box(coding, bytes(6) + b"\0\1" + inside), samples)


def klv(key: bytes, kind: str, size: int, count: int, content: bytes) -> bytes:
    """A row of GoPro's format."""
    head = key + bytes((ord(kind) if kind else 0, size)) + struct.pack(">H", count)
    return head + content + bytes(-len(content) % 4)


def sony_row(tag: int, content: bytes) -> bytes:
    """A row of Sony's timed metadata."""
    return struct.pack(">HH", tag, len(content)) + content


def rationals(*numbers: int) -> bytes:
    """Degrees, minutes and hundredths of seconds."""
    degrees, minutes, seconds = numbers
    return struct.pack(">6I", degrees, 1, minutes, 1, seconds, 100)


def counted(text: bytes) -> bytes:
    """A subtitle's sample."""
    return struct.pack(">H", len(text)) + text


PLAYED = (Track(), films.sound())
_GPS5 = klv(b"SCAL", "l", 4, 1, struct.pack(">i", 10_000_000)) + klv(
    b"GPS5", "l", 20, 1, struct.pack(">5i", 31_390_000, 1_016_869_000, 0, 0, 0)
)
_GPS9 = klv(b"SCAL", "l", 4, 1, struct.pack(">i", 10_000_000)) + klv(
    b"GPS9", "?", 32, 1, struct.pack(">8i", 31_390_000, 1_016_869_000, 0, 0, 0, 0, 0, 0)
)
_GOPRO = klv(b"DEVC", "", 1, len(_GPS5) + 20, klv(b"DVNM", "c", 1, 12, b"HERO12 Black") + _GPS5)
_CARD = klv(b"CASN", "c", 1, 12, SERIAL) + klv(b"MINF", "c", 1, 12, b"HERO12 Black")
_TIMED = box(b"\0\0\0\1", ISO)
_KEYS = box(b"keys", box(b"\0\0\0\1", box(b"keyd", b"mdta" + APPLE + b"location.ISO6709")))
_SONY = (
    b"\0\2" + sony_row(0x8501, b"N\0") + sony_row(0x8502, rationals(3, 8, 2040)) + sony_row(0x8503, b"E\0")
    + sony_row(0x8504, rationals(101, 41, 1284)) + sony_row(0x8114, SERIAL)
)  # fmt: skip
_NMEA = b"$GPRMC,070809.00,A,0308.34000,N,10141.21400,E,0.0,0.0,060524,,,A*6C\r\n"
_NOVATEK = b"GPS " + bytes(60) + b"ANE\0" + struct.pack("<2f", 308.34, 10141.214) + bytes(20)
_NIKON = b"".join(
    struct.pack(">IHH", tag, 2, len(text)) + text for tag, text in ((2, b"NIKON Z 6\0"), (0x200001D, SERIAL + b"\0"))
)
_LOCI = full(
    b"loci",
    b"\x15\xc7Pantai\0\0" + struct.pack(">iii", 6_664_138, 205_717, 0) + b"earth\0near the house\0",
)
_USMT = b"USMT\x21\xd2\x4f\xce\xbb\x88\x69\x5c\xfa\xc9\xc7\x40" + box(
    b"MTDT", struct.pack(">HHIHH", 1, 30, 1, 0x55C4, 1) + "Aina Osman".encode("utf-16-be")
)
_SEI = b"\x06\x05" + bytes((16 + 10,)) + bytes(range(16)) + NAME + b"\x80"
SEI = Track(samples=(struct.pack(">I", len(_SEI)) + _SEI + b"\0\0\0\4\x65abc", b"\0\0\0\3\x41de"))

WAYS: dict[str, tuple[bytes, dict[str, str]]] = {
    "apple keys": (
        film(brand=b"qt  ", movie=keyed({
            APPLE + b"location.ISO6709": ISO, APPLE + b"make": b"Apple", APPLE + b"model": b"iPhone 15 Pro",
            APPLE + b"creationdate": b"2024-05-06T07:08:09+0800", APPLE + b"author": NAME,
            APPLE + b"content.identifier": b"0D1E-2F3A", b"com.apple.proapps.cameraid": SERIAL,
        })),
        {"GPSCoordinates": ISO.decode(), "Make": "Apple", "Model": "iPhone 15 Pro", "Author": "Aina Osman",
         "CreationDate": "2024-05-06T07:08:09+0800", "ContentIdentifier": "0D1E-2F3A",
         "CameraSerialNumber": SERIAL.decode()},
    ),
    "apple timed": (
        film(*PLAYED, data_track(b"mebx", struct.pack(">I", len(_TIMED)) + _TIMED[4:], inside=_KEYS)),
        {"GPSCoordinates": ISO.decode(), "data track": ""},
    ),
    "android": (
        film(movie=keyed({b"com.android.version": b"14", b"com.android.manufacturer": b"Google"})
             + user(words(b"\xa9xyz", ISO), full(b"auth", b"\x15\xc7" + NAME + b"\0"),
                    box(b"smrd", b"PRIVATE 1234"))),
        {"Software": "14", "Make": "Google", "GPSCoordinates": ISO.decode(), "Author": "Aina Osman",
         "text": "PRIVATE 1234"},
    ),
    "3gpp": (film(brand=b"3gp4", movie=user(_LOCI)), {
        "LocationName": "Pantai", "GPSCoordinates": "+03.13899+101.68668/", "LocationInfo": "near the house"}),
    "gopro": (
        film(*PLAYED, data_track(b"gpmd", _GOPRO), movie=user(
            box(b"FIRM", b"H23.01.02.02.00"), box(b"CAME", bytes(range(64, 80))),
            box(b"GPMF", klv(b"DEVC", "", 1, len(_CARD), _CARD)))),
        {"GPSCoordinates": HERE, "Model": "HERO12 Black", "FirmwareVersion": "H23.01.02.02.00",
         "SerialNumber": bytes(range(64, 80)).hex()},
    ),
    "gopro of today": (
        film(*PLAYED, data_track(b"gpmd", klv(b"DEVC", "", 1, len(_GPS9), _GPS9))),
        {"GPSCoordinates": HERE},
    ),
    "camm": (
        film(*PLAYED, data_track(b"camm", struct.pack("<HH3d", 0, 5, 3.139, 101.6869, 40.0), handler=b"camm")),
        {"GPSCoordinates": HERE},
    ),
    "dji": (
        film(*PLAYED, data_track(b"tx3g", counted(b"F/2.8, GPS (101.6869, 3.1390, 20)"), handler=b"sbtl"),
             movie=user(words(b"\xa9mdl", b"FC7303"), words(b"\xa9csn", SERIAL))),
        {"GPSCoordinates": HERE, "Subtitle": "F/2.8, GPS (101.6869, 3.1390, 20)", "Model": "FC7303",
         "CameraSerialNumber": SERIAL.decode()},
    ),
    "sony document": (
        film(movie=box(b"uuid", _USMT), behind=full(b"meta", full(b"hdlr", bytes(4) + b"nrtm" + bytes(13))
                                                    + full(b"xml ", NRTM))),
        {"Make": "Sony", "Model": "ILCE-7M4", "SerialNumber": SERIAL.decode(), "GPSCoordinates": HERE,
         "CreationDate": "2024-05-06T07:08:09+08:00", "Title": "Aina Osman"},
    ),
    "sony timed": (film(*PLAYED, data_track(b"rtmd", _SONY)), {
        "GPSCoordinates": HERE, "SerialNumber": SERIAL.decode()}),
    "canon": (
        film(brand=b"qt  ", movie=user(box(b"CNMN", b"Canon EOS R5\0"), box(b"CNTH", box(b"CNDA", bytes(8) + jpeg())))),
        {"Model": "Canon EOS R5", "thumbnail": ""},
    ),
    "nikon": (film(brand=b"qt  ", movie=user(box(b"NCDT", box(b"NCTG", _NIKON)))), {
        "Model": "NIKON Z 6", "SerialNumber": SERIAL.decode()}),
    "pentax": (film(brand=b"qt  ", movie=user(box(b"TAGS", b"PENTAX OPTIO\0" + bytes(9) + b"2024:05:06 07:08:09"))), {
        "text": "PENTAX OPTIO", "ContentCreateDate": "2024:05:06 07:08:09"}),
    "panasonic": (
        film(movie=user(box(b"PANA", b"Panasonic\0" + bytes(20) + b"Exif\0\0" + tiff([(0x0110, 2, "DMC-TZ7")])))),
        {"Model": "DMC-TZ7"},
    ),
    "novatek": (film(movie=box(b"gps ", struct.pack(">4I", 1, 1, 1000, 100)), behind=box(b"free", _NOVATEK)), {
        "GPSCoordinates": "+03.139000+101.686898/"}),
    "dashcam": (film(behind=box(b"skip", _NMEA)), {"GPSCoordinates": HERE}),
    "insta360": (film(behind=b"\x0a\x0cIXSE12345678" + bytes(40) + b"8db42d694ccc418790edff439fe026bf"), {
        "text": "IXSE12345678"}),
    "itunes": (
        film(movie=itunes(
            box(b"----", full(b"mean", b"com.apple.iTunes") + full(b"name", b"owner") + value(NAME)),
            box(b"apID", value(b"aina@example.my")), box(b"covr", value(jpeg(), 13)))),
        {"owner": "Aina Osman", "OwnerID": "aina@example.my", "cover": ""},
    ),
    "xmp": (film(behind=box(b"uuid", XMP_UUID + XMP)), {"dc:creator": "Aina Osman"}),
    "xmp in user data": (film(movie=user(box(b"XMP_", XMP))), {"dc:creator": "Aina Osman"}),
    "names": (
        film(Track(name=b"Ambarella AVC", entry=films.picture_entry(inside=box(b"avcC", films.AVCC),
                                                                    name=b"Ambarella AVC encoder")), films.sound()),
        {"HandlerDescription": "Ambarella AVC", "CompressorName": "Ambarella AVC encoder"},
    ),
    "bytes behind a name": (
        film(Track(entry=films.picture_entry(inside=box(b"avcC", films.AVCC), name=b"H264").replace(
            b"\x04H264" + bytes(12), b"\x04H264secret bytes"))),
        {"bytes behind a name": "secret bytes"},
    ),
    "clocks": (film(Track(clock=3_797_000_000), clock=3_797_000_000), {
        "MediaCreateDate": "2024:04:26 18:13:20", "TrackCreateDate": "2024:04:26 18:13:20"}),
    "language": (film(Track(language=0x05B3)), {"MediaLanguageCode": "ams"}),
    "hidden picture": (film(*PLAYED, Track(enabled=False)), {"picture track": ""}),
    "hidden sound": (film(Track(), Track(b"soun", films.sound_entry(inside=films.esds()), (b"\x21",), enabled=False)), {
        "sound track": ""}),
    "gaps": (film(between=b"a deleted clip lies here"), {"bytes that no track uses": "a deleted clip lies here"}),
    "free": (film(front=box(b"free", b"write to aina@example.my")), {"text": "write to aina@example.my"}),
    "tail": (film(behind=b"TAIL secret tail data"), {"data behind the end of image": "TAIL secret tail data"}),
    "brand": (film(brand=b"CAEP"), {"brand": "CAEP"}),
    "message": (film(SEI, films.sound()), {"text": "Aina Osman"}),
    "track's words": (film(Track(tail=user(words(b"\xa9nam", b"Front door"))), films.sound()), {"Title": "Front door"}),
    "no file type": (film(brand=b"", movie=user(words(b"\xa9ART", NAME))), {"Artist": "Aina Osman"}),
    "ahead": (film(ahead=True, movie=user(words(b"\xa9ART", NAME))), {"Artist": "Aina Osman"}),
}  # fmt: skip

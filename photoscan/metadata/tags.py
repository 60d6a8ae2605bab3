# ruff: noqa: E501 - tables
"""Tag numbers: TIFF 6.0, EXIF 3.0 (CIPA DC-008), Adobe's and Microsoft's registered tags."""

NAMES = {
    0x010D: "DocumentName", 0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x011D: "PageName",
    0x0131: "Software", 0x0132: "ModifyDate", 0x013B: "Artist", 0x013C: "HostComputer", 0x8298: "Copyright",
    0x9003: "DateTimeOriginal", 0x9004: "CreateDate", 0x9010: "OffsetTime", 0x9011: "OffsetTimeOriginal",
    0x9012: "OffsetTimeDigitized", 0x9286: "UserComment", 0x9290: "SubSecTime", 0x9C9B: "XPTitle", 0x9C9C: "XPComment",
    0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords", 0x9C9F: "XPSubject", 0xA420: "ImageUniqueID", 0xA430: "CameraOwnerName",
    0xA431: "BodySerialNumber", 0xA433: "LensMake", 0xA434: "LensModel", 0xA435: "LensSerialNumber", 0xA436:
    "ImageTitle",
    0xA437: "Photographer", 0xA438: "ImageEditor", 0xA439: "CameraFirmware", 0xA43A: "RAWDevelopingSoftware",
    0xA43B: "ImageEditingSoftware", 0xA43C: "MetadataEditingSoftware", 0xC62F: "CameraSerialNumber", 0xC65D:
    "RawDataUniqueID",
    0xC68B: "OriginalRawFileName", 0xFDE8: "OwnerName", 0xFDE9: "SerialNumber", 0xFDEA: "Lens",
    0x9C9A: "XPRating", 0x882A: "TimeZoneOffset", 0x9400: "AmbientTemperature", 0x9404: "CameraElevationAngle",
}  # fmt: skip
"""Tags that say who, where, when or with what."""

GPS = {
    0: "GPSVersionID", 1: "GPSLatitudeRef", 2: "GPSLatitude", 3: "GPSLongitudeRef", 4: "GPSLongitude", 5:
    "GPSAltitudeRef",
    6: "GPSAltitude", 7: "GPSTimeStamp", 12: "GPSSpeedRef", 13: "GPSSpeed", 16: "GPSImgDirectionRef", 17:
    "GPSImgDirection",
    19: "GPSDestLatitudeRef", 20: "GPSDestLatitude", 21: "GPSDestLongitudeRef", 22: "GPSDestLongitude",
    23: "GPSDestBearingRef", 24: "GPSDestBearing", 27: "GPSProcessingMethod", 28: "GPSAreaInformation", 29:
    "GPSDateStamp",
    31: "GPSHPositioningError",
}  # fmt: skip
"""Tags of the GPS directory."""

IMAGE_DATA = frozenset(
    (0xFE, 0xFF, 0x100, 0x101, 0x102, 0x103, 0x106, 0x107, 0x10A, 0x111, 0x112, 0x115, 0x116, 0x117, 0x118, 0x119, 0x11A,
     0x11B, 0x11C, 0x128, 0x12D, 0x13D, 0x13E, 0x13F, 0x140, 0x142, 0x143, 0x144, 0x145, 0x152, 0x153, 0x15B, 0x200,
     0x203,
     0x211, 0x212, 0x213, 0x214)
)  # fmt: skip
"""Tags that decoding or showing needs."""

SILENT = frozenset(
    (0x829A, 0x829D, 0x8822, 0x8824, 0x8827, 0x8830, 0x8831, 0x8832, 0x8833, 0x9000, 0x9101, 0x9102, 0x9201, 0x9202, 0x9203,
     0x9204, 0x9205, 0x9206, 0x9207, 0x9208, 0x9209, 0x920A, 0x9214, 0x9291, 0x9292, 0xA000, 0xA001, 0xA002, 0xA003,
     0xA20B,
     0xA20C, 0xA20E, 0xA20F, 0xA210, 0xA214, 0xA215, 0xA217, 0xA300, 0xA301, 0xA302, 0xA401, 0xA402, 0xA403, 0xA404,
     0xA405,
     0xA406, 0xA407, 0xA408, 0xA409, 0xA40A, 0xA40C, 0xA432, 0xA460, 0xA461, 0xA462, 0xA500, 1, 2, 0x1000, 0x1001,
     0x1002,
     0x4746, 0x4749, 0xEA1C, 0xC4A5, 0x301, 0x302, 0x303)
)  # fmt: skip
"""Tags about exposure and rendering: they tell how a photo was made, not by whom or where."""

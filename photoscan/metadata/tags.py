"""Tag numbers: TIFF 6.0, EXIF 3.0 (CIPA DC-008), Adobe's and Microsoft's registered tags."""

NAMES = {
    0x000B: "ProcessingSoftware", 0x0151: "TargetPrinter", 0x03E7: "USPTOMiscellaneous", 0x5025: "ThumbnailDescription",
    0x5026: "ThumbnailEquipMake", 0x5027: "ThumbnailEquipModel", 0x5032: "ThumbnailSoftware",
    0x5033: "ThumbnailDateTime", 0x5034: "ThumbnailArtist", 0x503B: "ThumbnailCopyright", 0x800D: "ImageID",
    0x80A4: "WangAnnotation", 0x827D: "Model2", 0x82A8: "MDLabName", 0x82A9: "MDSampleInfo", 0x82AA: "MDPrepDate",
    0x82AB: "MDPrepTime", 0x8546: "SEMInfo", 0x885D: "FaxSubAddress", 0x885E: "FaxRecvTime", 0x84E0: "Site",
    0x9009: "GooglePlusUploadCode", 0x932F: "MSDocumentText", 0x9999: "XiaomiSettings", 0x9A00: "XiaomiModel",
    0xA211: "ImageNumber", 0xA213: "ImageHistory", 0xAFC0: "ExpandSoftware", 0xAFC1: "ExpandLens",
    0xAFC2: "ExpandFilm", 0xAFC3: "ExpandFilterLens", 0xAFC4: "ExpandScanner", 0xAFC5: "ExpandFlashLamp",
    0xC427: "OceScanjobDesc", 0xC428: "OceApplicationSelector", 0xC429: "OceIDNumber", 0xC42A: "OceImageLogic",
    0xC44F: "Annotations", 0xC573: "OriginalFileName", 0xC6D2: "PanasonicTitle", 0xC6D3: "PanasonicTitle2",
    0xC6FE: "ProfileCopyright", 0xC716: "PreviewApplicationName", 0xC717: "PreviewApplicationVersion",
    0xC718: "PreviewSettingsName", 0xC71C: "RawImageDigest", 0xC71D: "OriginalRawFileDigest", 0xC789: "ReelName",
    0xC7A1: "CameraLabel", 0xC7A7: "NewRawImageDigest", 0xCEA1: "SEAL", 0xFE4C: "RawFile", 0xFE4D: "Converter",
    0x010D: "DocumentName", 0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x011D: "PageName",
    0x0131: "Software", 0x0132: "ModifyDate", 0x013B: "Artist", 0x013C: "HostComputer", 0x4746: "Rating",
    0x4749: "RatingPercent", 0x8298: "Copyright", 0x882A: "TimeZoneOffset", 0x9003: "DateTimeOriginal",
    0x9004: "CreateDate", 0x9010: "OffsetTime", 0x9011: "OffsetTimeOriginal", 0x9012: "OffsetTimeDigitized",
    0x9211: "ImageNumber", 0x9213: "ImageHistory", 0x9286: "UserComment", 0x9290: "SubSecTime",
    0x9291: "SubSecTimeOriginal", 0x9292: "SubSecTimeDigitized", 0x9400: "AmbientTemperature", 0x9401: "Humidity",
    0x9402: "Pressure", 0x9403: "WaterDepth", 0x9404: "Acceleration", 0x9405: "CameraElevationAngle",
    0x9C9A: "XPRating", 0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords",
    0x9C9F: "XPSubject", 0xA004: "RelatedSoundFile", 0xA420: "ImageUniqueID", 0xA430: "CameraOwnerName",
    0xA431: "BodySerialNumber", 0xA433: "LensMake", 0xA434: "LensModel", 0xA435: "LensSerialNumber",
    0xA436: "ImageTitle", 0xA437: "Photographer", 0xA438: "ImageEditor", 0xA439: "CameraFirmware",
    0xA43A: "RAWDevelopingSoftware", 0xA43B: "ImageEditingSoftware", 0xA43C: "MetadataEditingSoftware",
    0xC614: "UniqueCameraModel", 0xC615: "LocalizedCameraModel", 0xC62F: "CameraSerialNumber",
    0xC65D: "RawDataUniqueID", 0xC68B: "OriginalRawFileName", 0xC71B: "PreviewDateTime", 0xFDE8: "OwnerName",
    0xFDE9: "SerialNumber", 0xFDEA: "Lens", 0xA480: "GDALMetadata", 0x87AF: "GeoKeys", 0x87B1: "GeoAsciiParams",
    0x830E: "GeoPixelScale", 0x8482: "GeoTiePoint", 0x85D8: "GeoTransform",
}  # fmt: skip
"""Tags that say who, where, when or with what."""

BYTES = frozenset((0xC65D, 0xC71C, 0xC71D, 0xC7A7))
"""Of these, numbers that are written as bytes: identifiers and digests."""
_NUMBERS = frozenset((
    0x4746, 0x4749, 0x882A, 0x9211, 0xA211, 0x9400, 0x9401, 0x9402, 0x9403, 0x9404, 0x9405, 0x87AF, 0x830E, 0x8482,
    0x85D8,
))  # fmt: skip
TEXTS = frozenset(NAMES) - BYTES - _NUMBERS
"""Of these, all that the standards write as text, whatever type a writer gives them."""

GPS = {
    0: "GPSVersionID", 1: "GPSLatitudeRef", 2: "GPSLatitude", 3: "GPSLongitudeRef", 4: "GPSLongitude",
    5: "GPSAltitudeRef", 6: "GPSAltitude", 7: "GPSTimeStamp", 8: "GPSSatellites", 9: "GPSStatus", 10: "GPSMeasureMode",
    11: "GPSDOP", 12: "GPSSpeedRef", 13: "GPSSpeed", 14: "GPSTrackRef", 15: "GPSTrack", 16: "GPSImgDirectionRef",
    17: "GPSImgDirection", 18: "GPSMapDatum", 19: "GPSDestLatitudeRef", 20: "GPSDestLatitude",
    21: "GPSDestLongitudeRef", 22: "GPSDestLongitude", 23: "GPSDestBearingRef", 24: "GPSDestBearing",
    25: "GPSDestDistanceRef", 26: "GPSDestDistance", 27: "GPSProcessingMethod", 28: "GPSAreaInformation",
    29: "GPSDateStamp", 30: "GPSDifferential", 31: "GPSHPositioningError",
}  # fmt: skip
"""Tags of the GPS directory."""

PICTURE = {
    0xFE: "SubfileType", 0xFF: "OldSubfileType", 0x100: "ImageWidth", 0x101: "ImageHeight", 0x102: "BitsPerSample",
    0x103: "Compression", 0x106: "PhotometricInterpretation", 0x107: "Thresholding", 0x108: "CellWidth",
    0x109: "CellLength", 0x10A: "FillOrder", 0x111: "StripOffsets", 0x112: "Orientation", 0x115: "SamplesPerPixel",
    0x116: "RowsPerStrip", 0x117: "StripByteCounts", 0x118: "MinSampleValue", 0x119: "MaxSampleValue",
    0x11A: "XResolution", 0x11B: "YResolution", 0x11C: "PlanarConfiguration", 0x122: "GrayResponseUnit",
    0x123: "GrayResponseCurve", 0x124: "T4Options", 0x125: "T6Options", 0x128: "ResolutionUnit", 0x129: "PageNumber",
    0x12D: "TransferFunction", 0x13D: "Predictor", 0x13E: "WhitePoint", 0x13F: "PrimaryChromaticities",
    0x140: "ColorMap", 0x141: "HalftoneHints", 0x142: "TileWidth", 0x143: "TileLength", 0x144: "TileOffsets",
    0x145: "TileByteCounts", 0x14C: "InkSet", 0x152: "ExtraSamples", 0x153: "SampleFormat", 0x154: "SMinSampleValue",
    0x155: "SMaxSampleValue", 0x15B: "JPEGTables", 0x200: "JPEGProc", 0x201: "ThumbnailOffset",
    0x202: "ThumbnailLength", 0x203: "JPEGRestartInterval", 0x211: "YCbCrCoefficients", 0x212: "YCbCrSubSampling",
    0x213: "YCbCrPositioning", 0x214: "ReferenceBlackWhite",
}  # fmt: skip
"""Tags that decoding or showing needs."""

TECHNICAL = {
    1: "InteroperabilityIndex", 2: "InteroperabilityVersion", 0x1000: "RelatedImageFileFormat",
    0x1001: "RelatedImageWidth", 0x1002: "RelatedImageHeight", 0x301: "Gamma", 0x302: "ICCProfileDescriptor",
    0x303: "SRGBRenderingIntent", 0x828D: "CFARepeatPatternDim", 0x828E: "CFAPattern", 0x829A: "ExposureTime",
    0x829D: "FNumber", 0x8822: "ExposureProgram", 0x8824: "SpectralSensitivity", 0x8827: "ISO", 0x8828: "OECF",
    0x882B: "SelfTimerMode", 0x8830: "SensitivityType", 0x8831: "StandardOutputSensitivity",
    0x8832: "RecommendedExposureIndex", 0x8833: "ISOSpeed", 0x8834: "ISOSpeedLatitudeyyy",
    0x8835: "ISOSpeedLatitudezzz", 0x9000: "ExifVersion", 0x9101: "ComponentsConfiguration",
    0x9102: "CompressedBitsPerPixel", 0x9201: "ShutterSpeedValue", 0x9202: "ApertureValue", 0x9203: "BrightnessValue",
    0x9204: "ExposureCompensation", 0x9205: "MaxApertureValue", 0x9206: "SubjectDistance", 0x9207: "MeteringMode",
    0x9208: "LightSource", 0x9209: "Flash", 0x920A: "FocalLength", 0x920B: "FlashEnergy",
    0x920C: "SpatialFrequencyResponse", 0x920E: "FocalPlaneXResolution", 0x920F: "FocalPlaneYResolution",
    0x9210: "FocalPlaneResolutionUnit", 0x9212: "SecurityClassification", 0x9214: "SubjectArea",
    0x9215: "ExposureIndex", 0x9216: "TIFF-EPStandardID", 0x9217: "SensingMethod", 0xA000: "FlashpixVersion",
    0xA001: "ColorSpace", 0xA002: "ExifImageWidth", 0xA003: "ExifImageHeight", 0xA20B: "FlashEnergy",
    0xA20C: "SpatialFrequencyResponse", 0xA20E: "FocalPlaneXResolution", 0xA20F: "FocalPlaneYResolution",
    0xA210: "FocalPlaneResolutionUnit", 0xA214: "SubjectLocation", 0xA215: "ExposureIndex", 0xA217: "SensingMethod",
    0xA300: "FileSource", 0xA301: "SceneType", 0xA302: "CFAPattern", 0xA401: "CustomRendered", 0xA402: "ExposureMode",
    0xA403: "WhiteBalance", 0xA404: "DigitalZoomRatio", 0xA405: "FocalLengthIn35mmFormat", 0xA406: "SceneCaptureType",
    0xA407: "GainControl", 0xA408: "Contrast", 0xA409: "Saturation", 0xA40A: "Sharpness",
    0xA40B: "DeviceSettingDescription", 0xA40C: "SubjectDistanceRange", 0xA432: "LensInfo", 0xA460: "CompositeImage",
    0xA461: "SourceImageNumberOfCompositeImage", 0xA462: "SourceExposureTimesOfCompositeImage", 0xA500: "Gamma",
    0x11E: "XPosition", 0x11F: "YPosition", 0x14D: "InkNames", 0x14E: "NumberOfInks", 0x150: "DotRange",
    0x828F: "BatteryLevel", 0x8829: "Interlace", 0x920D: "Noise", 0xA20D: "Noise",
    0x9287: "LearningOptOutIn", 0xA212: "SecurityClassification", 0xA216: "TIFF-EPStandardID",
    0xA40D: "DevelopmentType", 0xA40E: "DevelopmentTypeDescription", 0xA40F: "DistortionCorrection",
    0xA410: "ChromaticAberrationCorrection", 0xA411: "ShadingCorrection", 0xA412: "NoiseReduction",
    0xA481: "GDALNoData", 0x87B0: "GeoDoubleParams", 0xEA1D: "OffsetSchema", 0x5010: "JPEGQuality",
    0x5110: "PixelUnits", 0x5111: "PixelsPerUnitX", 0x5112: "PixelsPerUnitY", 0x5090: "LuminanceTable",
    0x5091: "ChrominanceTable", 0x5023: "ThumbnailCompression", 0x502D: "ThumbnailResolutionX",
    0x502E: "ThumbnailResolutionY", 0x5030: "ThumbnailResolutionUnit", 0x503C: "ThumbnailColorSpace",
    0xC616: "CFAPlaneColor", 0xC617: "CFALayout", 0xC618: "LinearizationTable", 0xC619: "BlackLevelRepeatDim",
    0xC61A: "BlackLevel", 0xC61D: "WhiteLevel", 0xC61E: "DefaultScale", 0xC61F: "DefaultCropOrigin",
    0xC620: "DefaultCropSize", 0xC623: "CameraCalibration1", 0xC624: "CameraCalibration2", 0xC627: "AnalogBalance",
    0xC629: "AsShotWhiteXY", 0xC62A: "BaselineExposure", 0xC62B: "BaselineNoise", 0xC62C: "BaselineSharpness",
    0xC62D: "BayerGreenSplit", 0xC62E: "LinearResponseLimit", 0xC630: "DNGLensInfo", 0xC631: "ChromaBlurRadius",
    0xC632: "AntiAliasStrength", 0xC633: "ShadowScale", 0xC635: "MakerNoteSafety", 0xC65C: "BestQualityScale",
    0xC68D: "ActiveArea", 0xC68E: "MaskedAreas", 0xC6BF: "ColorimetricReference", 0xC6F3: "CameraCalibrationSig",
    0xC6F4: "ProfileCalibrationSig", 0xC6F6: "AsShotProfileName", 0xC6F7: "NoiseReductionApplied",
    0xC6F8: "ProfileName", 0xC6F9: "ProfileHueSatMapDims", 0xC6FA: "ProfileHueSatMapData1",
    0xC6FB: "ProfileHueSatMapData2", 0xC6FC: "ProfileToneCurve", 0xC6FD: "ProfileEmbedPolicy",
    0xC714: "ForwardMatrix1", 0xC715: "ForwardMatrix2", 0xC719: "PreviewSettingsDigest", 0xC71A: "PreviewColorSpace",
    0xC71E: "SubTileBlockSize", 0xC71F: "RowInterleaveFactor", 0xC725: "ProfileLookTableDims",
    0xC726: "ProfileLookTableData", 0xC740: "OpcodeList1", 0xC741: "OpcodeList2", 0xC74E: "OpcodeList3",
    0xC761: "NoiseProfile", 0xC764: "FrameRate", 0xC791: "OriginalDefaultFinalSize",
    0xC792: "OriginalBestQualitySize", 0xC793: "OriginalDefaultCropSize", 0xC7A3: "ProfileHueSatMapEncoding",
    0xC7A4: "ProfileLookTableEncoding", 0xC7A5: "BaselineExposureOffset", 0xC7A6: "DefaultBlackRender",
    0xC7A8: "RawToPreviewGain", 0xC7B5: "DefaultUserCrop", 0xC7E9: "DepthFormat", 0xC7EA: "DepthNear",
    0xC7EB: "DepthFar", 0xC7EC: "DepthUnits", 0xC7ED: "DepthMeasureType", 0xCD2D: "ProfileGainTableMap",
    0xC4A5: "PrintIM", 0xC612: "DNGVersion", 0xC613: "DNGBackwardVersion", 0xC621: "ColorMatrix1",
    0xC622: "ColorMatrix2", 0xC628: "AsShotNeutral", 0xC65A: "CalibrationIlluminant1", 0xC65B: "CalibrationIlluminant2",
}  # fmt: skip
"""Tags about exposure and rendering: they tell how a photo was made, not by whom or where."""

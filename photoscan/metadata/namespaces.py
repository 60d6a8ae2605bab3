"""XMP's namespaces and the prefixes that their standards use, whatever prefix a file gives them.

Sources: Adobe's XMP Specification parts 1 and 2, CIPA DC-010, IPTC, PLUS, MWG, PRISM, and the makers' own descriptions.
"""

from __future__ import annotations

_PREFIXES = {
    "ns.adobe.com/xap/1.0": "xmp", "ns.adobe.com/xap/1.0/mm": "xmpMM", "ns.adobe.com/xap/1.0/rights": "xmpRights",
    "ns.adobe.com/xap/1.0/bj": "xmpBJ", "ns.adobe.com/xap/1.0/t/pg": "xmpTPg", "ns.adobe.com/xap/1.0/g": "xmpG",
    "ns.adobe.com/xap/1.0/g/img": "xmpGImg", "ns.adobe.com/xmp/note": "xmpNote", "ns.adobe.com/xap/1.0/plus": "xmpPLUS",
    "ns.adobe.com/xap/1.0/stype/resourceevent": "stEvt", "ns.adobe.com/xap/1.0/stype/resourceref": "stRef",
    "ns.adobe.com/xap/1.0/stype/version": "stVer", "ns.adobe.com/xap/1.0/stype/job": "stJob",
    "ns.adobe.com/xap/1.0/stype/manifestitem": "stMfs", "ns.adobe.com/xap/1.0/stype/font": "stFnt",
    "ns.adobe.com/xap/1.0/stype/dimensions": "stDim", "ns.adobe.com/xmp/stype/area": "stArea",
    "ns.adobe.com/exif/1.0": "exif", "ns.adobe.com/exif/1.0/aux": "aux", "cipa.jp/exif/1.0": "exifEX",
    "ns.adobe.com/tiff/1.0": "tiff", "ns.adobe.com/photoshop/1.0": "photoshop",
    "ns.adobe.com/photoshop/1.0/camera-profile": "stCamera", "ns.adobe.com/photoshop/1.0/panorama-profile": "panorama",
    "ns.adobe.com/camera-raw-settings/1.0": "crs", "ns.adobe.com/camera-raw-saved-settings/1.0": "crs",
    "ns.adobe.com/camera-raw-defaults/1.0": "crd", "ns.adobe.com/lightroom/1.0": "lr", "ns.adobe.com/pdf/1.3": "pdf",
    "ns.adobe.com/album/1.0": "album", "ns.adobe.com/creatoratom/1.0": "creatorAtom", "ns.adobe.com/dicom": "DICOM",
    "ns.adobe.com/xmp/1.0/dynamicmedia": "xmpDM", "ns.adobe.com/hdr-gain-map/1.0": "hdrgm",
    "ns.adobe.com/hdr-metadata/1.0": "hdr_metadata", "adobe:ns:meta": "x", "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dc", "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf", "www.w3.org/2000/svg": "svg",
    "iptc.org/std/iptc4xmpcore/1.0/xmlns": "Iptc4xmpCore", "iptc.org/std/iptc4xmpext/2008-02-29": "Iptc4xmpExt",
    "ns.useplus.org/ldf/xmp/1.0": "plus", "www.metadataworkinggroup.com/schemas/regions": "mwg-rs",
    "www.metadataworkinggroup.com/schemas/keywords": "mwg-kw",
    "www.metadataworkinggroup.com/schemas/collections": "mwg-coll",
    "ns.microsoft.com/photo/1.0": "MicrosoftPhoto", "ns.microsoft.com/photo/1.1": "MP1",
    "ns.microsoft.com/photo/1.2": "MP", "ns.microsoft.com/photo/1.2/t/region": "MPReg",
    "ns.microsoft.com/photo/1.2/t/regioninfo": "MPRI", "ns.microsoft.com/expressionmedia/1.0": "expressionmedia",
    "ns.iview-multimedia.com/mediapro/1.0": "mediapro", "ns.google.com/photos/1.0/image": "GImage",
    "ns.google.com/photos/1.0/camera": "GCamera", "ns.google.com/photos/1.0/depthmap": "GDepth",
    "ns.google.com/photos/1.0/audio": "GAudio", "ns.google.com/photos/1.0/focus": "GFocus",
    "ns.google.com/photos/1.0/panorama": "GPano", "ns.google.com/photos/1.0/creations": "GCreations",
    "ns.google.com/videos/1.0/spherical": "GSpherical", "ns.google.com/photos/1.0/container": "Container",
    "ns.google.com/photos/1.0/container/item": "Item", "ns.apple.com/hdrgainmap/1.0": "HDRGainMap",
    "ns.apple.com/faceinfo/1.0": "apple-fi", "ns.apple.com/pixeldatainfo/1.0": "apdi",
    "www.digikam.org/ns/1.0": "digiKam", "www.digikam.org/ns/kipi/1.0": "digiKam", "ns.acdsee.com/iptc/1.0": "acdsee",
    "ns.acdsee.com/regions": "acdsee-rs", "ns.acdsee.com/stype/area": "acdsee-stArea",
    "ns.acdsee.com/stype/dimensions": "acdsee-stDim", "www.dji.com/drone-dji/1.0": "drone-dji",
    "www.parrot.com/namespace/drone-parrot/1.0": "drone-parrot", "www.skydio.com/drone-skydio/1.0": "drone-skydio",
    "www.autelrobotics.com/drone-autel/1.0": "drone-autel", "pix4d.com/camera/1.0": "Camera",
    "ns.flir.com/xmp/1.0": "FLIR", "prismstandard.org/namespaces/basic/2.0": "prism",
    "prismstandard.org/namespaces/basic/2.1": "prism", "prismstandard.org/namespaces/basic/3.0": "prism",
    "prismstandard.org/namespaces/prismusagerights/2.1": "pur", "prismstandard.org/namespaces/pmi/2.2": "pmi",
    "prismstandard.org/namespaces/prl/2.1": "prl", "rs.tdwg.org/dwc/index.htm": "dwc", "rs.tdwg.org/dwc/terms": "dwc",
    "xmp.gettyimages.com/gift/1.0": "getty", "ns.extensis.com/extensis/1.0": "extensis",
    "ns.idimager.com/ics/1.0": "ics", "ns.camerabits.com/photomechanic/1.0": "photomechanic",
    "developer.sonyericsson.com/cell/1.0": "cell", "ns.exiftool.org/1.0": "et", "ns.exiftool.ca/1.0": "et",
    "creativecommons.org/ns": "cc", "web.resource.org/cc": "cc", "ns.leiainc.com/photos/1.0/image": "LImage",
    "leica-camera.com/digital-shift-assistant/1.0": "xmpDSA",
}  # fmt: skip
"""Namespaces in small letters, without the scheme and without what may stand at their end."""

_OLD = {
    "xap": "xmp", "xapMM": "xmpMM", "xapRights": "xmpRights", "xapBJ": "xmpBJ", "xapTPg": "xmpTPg", "xapG": "xmpG",
    "xapGImg": "xmpGImg", "GettyImagesGIFT": "getty", "MicrosoftPhoto_1_": "MicrosoftPhoto",
}  # fmt: skip
"""Prefixes that were used before; packets that declare nothing are read by them."""


def prefix_of(uri: str, written: str) -> str:
    """The prefix that a namespace's standard uses; the one that the file writes where nobody knows the namespace."""
    plain = uri.strip().casefold().removeprefix("http://").removeprefix("https://").rstrip("/#")
    return _PREFIXES.get(plain) or usual(written)


def usual(prefix: str) -> str:
    """The prefix that is used today for one that was used before."""
    return _OLD.get(prefix, prefix)

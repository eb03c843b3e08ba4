"""Sentence encoders: one small protocol, two implementations, both offline.

To add one: give a class `key`, `dimension` and `encode`, and name it in `encoder_for`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from casereviews.index.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MAXIMUM_TOKENS = 256  # what all-MiniLM-L6-v2 was trained on (its sentence_bert_config)
BATCH = 32


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def key(self) -> str:
        """Names the model and its version: vectors of different keys are never compared."""

    @property
    def dimension(self) -> int:
        """Numbers a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimension), float32."""


class WordLlamaEncoder:
    """wordllama's static embeddings: its weights ship inside its wheel, so it works offline from the first minute."""

    dimension = 256

    def __init__(self) -> None:
        with _log_untouched():
            import wordllama
            from wordllama import WordLlama

        # Its own folder as the cache and no downloads: loading must never ask the network. Whatever its loader raises
        # (each layer its own kind) means the same: it cannot be used.
        folder = Path(wordllama.__file__).parent
        try:
            self._model = WordLlama.load(cache_dir=folder, disable_download=True)
        except Exception as error:
            raise ModelError(
                f"wordllama cannot load the weights of its own package ({error}): install it again with"
                ' pip install --force-reinstall ".[semantic]"'
            ) from error
        self.key = f"wordllama-l2-supercat-{self.dimension}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of averaged word vectors; an empty text is a zero vector."""
        import numpy as np

        found = self._model.embed([text or " " for text in texts], norm=False)
        return normalised(np.asarray(found, dtype=np.float32))


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


def normalised(vectors: Vectors) -> Vectors:
    """Rows of length one; zero rows stay zero."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, 1e-12)
    return result


@contextmanager
def _log_untouched() -> Iterator[None]:
    """wordllama sets the whole program's log to INFO when it is imported: what the program chose stays."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers


def has_wordllama() -> bool:
    """True when the `[semantic]` extra is installed."""
    return importlib.util.find_spec("wordllama") is not None


def encoder_for(model_folder: Path | None) -> Encoder | None:
    """The encoder to use: the chosen folder's model, else wordllama when installed, else None.

    Raises ModelError when the chosen folder holds no model that can be loaded.
    """
    if model_folder is not None:
        if not all(map(importlib.util.find_spec, ("onnxruntime", "tokenizers", "numpy"))):
            raise ModelError(
                'a sentence model needs the extra [semantic]: pip install ".[semantic]"'
            )
        return OnnxEncoder(model_folder)
    return WordLlamaEncoder() if has_wordllama() else None


def _fingerprint(*paths: Path) -> str:
    """The model is its weights and its tokenizer: either one changed makes other vectors."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()[:16]

"""What turns sentences into vectors, offline: the protocol of encoders, and wordllama's static vectors, which come with the extra [semantic]."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from casereviews.repository.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


E5_SMALL = "e5-small"
"""What people choose multilingual-e5-small by (extra [multilingual])."""


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
    key = f"wordllama-l2-supercat-{dimension}"

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

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of averaged word vectors; an empty text is a zero vector."""
        import numpy as np

        found = self._model.embed([text or " " for text in texts], norm=False)
        return normalised(np.asarray(found, dtype=np.float32))


def has_wordllama() -> bool:
    """True when the `[semantic]` extra is installed."""
    return importlib.util.find_spec("wordllama") is not None


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

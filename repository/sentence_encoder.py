"""What turns sentences into vectors, offline: the protocol of encoders, and wordllama's static vectors, which come with the extra [semantic]."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
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
    """wordllama's static embeddings: its weights ship inside its wheel, so it works offline from the first minute.

    The two files are read as they are: the package itself would load pydantic and requests, which a question waits for, and ask
    the network for what is missing. A text's vector is the mean of its word pieces', as `WordLlamaInference.embed` has it.
    """

    dimension = 256
    key = f"wordllama-l2-supercat-{dimension}"
    _SIDE_BY_SIDE = 64  # texts at a time

    def __init__(self) -> None:
        # Whatever reading raises (the tokenizer raises bare Exceptions) means the same: it cannot be used.
        try:
            from tokenizers import Tokenizer

            folder = _wordllama_folder()
            words = folder / "tokenizers" / "l2_supercat_tokenizer_config.json"
            self._tokenizer = Tokenizer.from_file(str(words))
            self._tokenizer.enable_padding()
            self._tokenizer.no_truncation()
            weights = folder / "weights" / f"l2_supercat_{self.dimension}.safetensors"
            self._weights = _tensor(weights, "embedding.weight", self.dimension)
        except Exception as error:
            raise ModelError(
                f"wordllama cannot load the weights of its own package ({error}): install it again with"
                ' pip install --force-reinstall ".[semantic]"'
            ) from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of averaged word vectors; an empty text is a zero vector."""
        import numpy as np

        found = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), self._SIDE_BY_SIDE):
            some = [text or " " for text in texts[start : start + self._SIDE_BY_SIDE]]
            pieces = self._tokenizer.encode_batch(some, add_special_tokens=False)
            ids = np.array([each.ids for each in pieces], dtype=np.int32)
            mask = np.array([each.attention_mask for each in pieces], dtype=np.float32)
            vectors = self._weights[np.clip(ids, 0, len(self._weights) - 1)].astype(np.float32)
            lengths = np.maximum(mask.sum(axis=1, keepdims=True), 1.0)
            sums = np.sum(vectors * mask[..., np.newaxis], axis=1, dtype=np.float32)
            found[start : start + len(some)] = sums / lengths
        return normalised(found)


def _wordllama_folder() -> Path:
    """Where the package lies, without loading it. Raises FileNotFoundError when it is nowhere."""
    spec = importlib.util.find_spec("wordllama")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("wordllama is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def _tensor(file: Path, name: str, dimension: int) -> NDArray[np.float16]:
    """A half-precision matrix of a safetensors file, read where it is looked at.

    The file: the length of its header in eight bytes, the header (JSON: kind, shape and place of each tensor), the numbers
    (https://github.com/huggingface/safetensors, "Format"). Raises ValueError when the file has no such matrix.
    """
    import numpy as np

    with file.open("rb") as opened:
        size = int.from_bytes(opened.read(8), "little")
        if size > file.stat().st_size:
            raise ValueError(f"{file.name} is damaged")
        said = json.loads(opened.read(size))[name]
    rows, columns = said["shape"]
    if said["dtype"] != "F16" or columns != dimension:
        raise ValueError(f"{file.name} holds other weights than were expected")
    place = 8 + size + said["data_offsets"][0]
    return np.memmap(file, np.float16, "r", offset=place, shape=(rows, columns))


def has_wordllama() -> bool:
    """True when the `[semantic]` extra is installed."""
    return importlib.util.find_spec("wordllama") is not None


def normalised(vectors: Vectors) -> Vectors:
    """Rows of length one; zero rows stay zero."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, 1e-12)
    return result

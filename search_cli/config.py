"""`config.toml` in the home: the operator's contact and the chosen sentence model."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from casereviews.repository.home import Home
from casereviews.search_cli.errors import BadRequest


def load(home: Home) -> dict[str, Any]:
    """The settings; empty when there are none; raises BadRequest when the file cannot be read."""
    try:
        return tomllib.loads(home.config_toml.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise BadRequest(f"{home.config_toml}: {error}; mend the file or remove it") from error


def put(home: Home, name: str, value: str | None) -> None:
    """Set one setting (None removes it), keeping the others."""
    settings = load(home)
    if value is None:
        settings.pop(name, None)
    else:
        settings[name] = value
    home.create()
    text = "".join(
        f"{key} = {json.dumps(kept, ensure_ascii=False)}\n" for key, kept in settings.items()
    )
    temporary = home.config_toml.with_suffix(".tmp")
    temporary.write_text(text, "utf-8")
    temporary.replace(home.config_toml)


def model_folder(home: Home) -> Path | None:
    """The chosen sentence model's folder, None when none was chosen."""
    named = load(home).get("model")
    return Path(str(named)) if named else None

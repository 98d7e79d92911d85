"""Running one room of the command line as `sathi` runs it, on a given store."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import typer
from typer.testing import CliRunner

from bot.errors import HelplineError
from storage.database import Store
from storage.errors import StorageError
from tests.storage.builders import MASTER_KEY


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Its JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(
    room: ModuleType, *words: str, stdin: str | bytes = "", store: Store | None = None, folder: Path | None = None
) -> Ran:
    """Run a command; an error that is known is one line and code 2, as in `bot.__main__`."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    room.add_to(app)
    ended = CliRunner().invoke(app, words, input=stdin, env=_environment(store, folder))
    if isinstance(ended.exception, HelplineError | StorageError):
        return Ran(2, ended.stdout, f"sathi: {ended.exception}\n")
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return Ran(ended.exit_code, ended.stdout, ended.stderr)


def _environment(store: Store | None, folder: Path | None) -> dict[str, str]:
    environment = {"MASTER_KEY": base64.b64encode(MASTER_KEY).decode(), "COLUMNS": "200"}
    if store is not None:
        environment["DATABASE_URL"] = store.main.url.render_as_string(False)
        environment["KEYSTORE_URL"] = store.keys.url.render_as_string(False)
    if folder is not None:
        environment["ERASURE_LEDGER"] = str(folder / "erasures.ledger")
    return environment

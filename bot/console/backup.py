"""`sathi backup` and `sathi restore`: both databases, locked to a public key, and whoever was forgotten stays so."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from bot.age import Advance, read_identity, read_recipient
from bot.assemble import now
from bot.backups import Home, Watch, back_up
from bot.console.opening import opened
from bot.console.times import read_moment
from bot.errors import Misconfigured
from bot.keys import read_master_key
from bot.restoring import Restored, Target
from bot.restoring import restore as put_back
from bot.settings import Settings, read


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    folder: Annotated[Path, typer.Argument(help="Where backups are kept; made if it is not there.")],
    to: Annotated[str, typer.Option(help="An age public key; else BACKUP_RECIPIENT.")] = "",
) -> None:
    """Back both databases up, locked to a public key; keystore backups older than seven days are deleted."""
    settings = read()
    recipient = read_recipient(to or settings.backup_recipient)
    with opened(settings) as main, opened(settings, "keys") as keys, _watching() as watch:
        home = Home(folder, settings.erasure_ledger)
        manifest = back_up(main, keys, home, recipient, now(), watch)
    typer.echo(f"{manifest.main.file}\n{manifest.keystore.file}")


def restore(
    folder: Annotated[Path, typer.Argument(help="Where backups are kept.")],
    identity: Annotated[Path, typer.Option(help="The file with the age secret key.")],
    replace: Annotated[bool, typer.Option(help="Put the backup in the place of what the databases hold.")] = False,
    at: Annotated[str, typer.Option(help="The newest backup of this day or moment, not the newest of all.")] = "",
    without_ledger: Annotated[bool, typer.Option(help="Restore though the erasure ledger is lost.")] = False,
) -> None:
    """Put a backup back, and forget again whoever was forgotten. Stop web and worker first."""
    settings = read()
    target = Target(settings.database_url, settings.keystore_url, read_master_key(settings))
    key = read_identity(identity)
    until = read_moment(at, end=True) if at else now()
    _need_ledger(settings, without_ledger=without_ledger)
    with _watching() as watch:
        home = Home(folder, settings.erasure_ledger)
        restored = put_back(target, home, key, now(), watch, replace=replace, at=until)
    _tell(restored)


def _need_ledger(settings: Settings, *, without_ledger: bool) -> None:
    if not without_ledger and not settings.erasure_ledger.is_file():
        raise Misconfigured(
            "ERASURE_LEDGER is not there: whoever was forgotten since the backup would come back; "
            "bring the file, or say --without-ledger"
        )


def _tell(restored: Restored) -> None:
    typer.echo(f"{restored.chosen.main.file}\n{restored.chosen.keystore.file}")
    Console(stderr=True).print(f"restored; {restored.forgotten} forgotten stay forgotten")


@contextmanager
def _watching() -> Iterator[Watch]:
    """A bar for each step, on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

        def watch(step: str, size: int | None) -> Advance:
            task = progress.add_task(step, total=size)
            return lambda done: progress.advance(task, done)

        yield watch

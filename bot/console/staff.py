"""`sathi staff`: who may sign in to the desk."""

import re
from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import credentials, members_roster
from bot.assemble import now
from bot.console.lines import write_object
from bot.console.opening import opened
from bot.console.times import told_moment
from bot.credentials import Credentials
from bot.errors import Misconfigured
from bot.keys import read_master_key
from bot.settings import read
from storage import ids, journal, members
from storage import staff as register
from storage.database import Connection, Store, open_store, reading, writing
from storage.staff import Role, Staff

NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")

room = typer.Typer(help="Who may sign in to the desk.", no_args_is_help=True)

_Name = Annotated[str, typer.Argument(help="2 to 32 small letters, digits, dots and hyphens.")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(room, name="staff")


@room.command()
def add(
    name: _Name,
    role: Annotated[Role, typer.Option()],
    member: Annotated[str | None, typer.Option(help="The label of the collective's member she is.")] = None,
    json: _Json = False,
) -> None:
    """Let somebody in; the password and the second factor are shown this once."""
    if not NAME.fullmatch(name):
        raise Misconfigured("a name is 2 to 32 small letters, digits, dots and hyphens, and begins with a letter")
    made = credentials.make(name)
    staff_id = ids.new_id(now())
    password_hash = credentials.hashed(made.password)
    with closing(_store()) as store, writing(store.main) as db:
        sealed = register.seal_secret(store.sealer, staff_id, made.secret)
        member_id = _member_id(db, member) if member else None
        made_of = Staff(staff_id, name, role, password_hash, sealed, now(), member_id=member_id)
        if not register.add(db, made_of):
            raise Misconfigured(f"the name {name} is taken: `sathi staff reset {name}` gives new credentials")
        _note(db, f"add {role.value}", staff_id)
    _show(name, made, json=json)


@room.command()
def reset(name: _Name, json: _Json = False) -> None:
    """Give new credentials, shown this once; the old ones are void, and somebody disabled may sign in again."""
    made = credentials.make(name)
    password_hash = credentials.hashed(made.password)
    with closing(_store()) as store, writing(store.main) as db:
        member = _member(db, name)
        sealed = register.seal_secret(store.sealer, member.id, made.secret)
        register.renew(db, member.id, password_hash=password_hash, totp_sealed=sealed)
        _note(db, "reset", member.id)
    _show(name, made, json=json)


@room.command()
def disable(name: _Name) -> None:
    """Let somebody in no more."""
    with opened(read()) as main, writing(main) as db:
        member = _member(db, name)
        register.disable(db, member.id, now())
        answers = members.read(db, member.member_id) if member.member_id else None
        if answers and not answers.is_active:  # she answered only at the desk
            members_roster.let_wait(db, answers.id, now())
        _note(db, "disable", member.id)


@room.command(name="list")
def list_(json: _Json = False) -> None:
    """Show everybody."""
    with opened(read()) as main, reading(main) as db:
        everybody = register.all_of(db)
    if json:
        for one in everybody:
            write_object({"name": one.name, "role": one.role.value, "disabled": one.disabled_at is not None})
        return
    table = Table("name", "role", "since", "may sign in")
    for one in everybody:
        table.add_row(one.name, one.role.value, told_moment(one.made_at), "no" if one.disabled_at else "yes")
    Console().print(table)


def _store() -> Store:
    settings = read()
    return open_store(settings.database_url, settings.keystore_url, read_master_key(settings))


def _member(db: Connection, name: str) -> Staff:
    member = register.find(db, name)
    if member is None:
        raise Misconfigured(f"nobody on the staff is called {name}")
    return member


def _member_id(db: Connection, label: str) -> str:
    found = next((one.id for one in members.all_of(db) if one.post.label == label and one.revoked_at is None), None)
    if found is None:
        raise Misconfigured(f"no member of a collective is called {label}: see `sathi collective members`")
    return found


def _note(db: Connection, what: str, staff_id: str) -> None:
    journal.write(db, actor="console", action=f"staff {what}", subject=staff_id, now=now())


def _show(name: str, made: Credentials, *, json: bool) -> None:
    if json:
        write_object({"name": name, "password": made.password, "totp_uri": made.totp_uri})
        return
    Console(stderr=True).print("Shown this once. Hand it over in person, and let the code be scanned at once.")
    typer.echo(f"name      {name}\npassword  {made.password}\ncode      {made.totp_uri}")

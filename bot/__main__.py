"""The command line: `sathi`; one clear line and exit 2 where something is wrong."""

import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from bot import logs
from bot.console import ask, backup, bench, chat, collective, hear, play, referrals, relays, review, run, staff
from bot.errors import HelplineError
from flows.errors import FlowError
from storage.errors import StorageError

app = typer.Typer(
    help="Sathi: a helpline that a survivor can text.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (run, chat, review, play, hear, ask, referrals, relays, staff, collective, bench, backup):
    room.add_to(app)


@app.callback()
def _every(debug: Annotated[bool, typer.Option(help="Log more.")] = False) -> None:
    logs.set_up(debug=debug)


def main() -> None:
    """Run the command that was named; an error we know is one line on stderr and exit 2."""
    try:
        code = app(standalone_mode=False)
    except (HelplineError, StorageError, FlowError) as wrong:
        sys.stderr.write(f"sathi: {wrong}\n")
        raise SystemExit(2) from None
    except TyperException as misused:
        sys.stderr.write(f"sathi: {_line(misused)}\n")
        raise SystemExit(2) from None
    except typer.Abort:
        raise SystemExit(130) from None
    raise SystemExit(code or 0)


def _line(misused: TyperException) -> str:
    """What is wrong with how the command was called; the help where no command was named."""
    said = misused.format_message() if hasattr(misused, "format_message") else str(misused)
    return said or "see sathi --help"


if __name__ == "__main__":
    main()

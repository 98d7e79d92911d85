"""The command line: `sathi`; one clear line and exit 2 where something is wrong."""

import sys
from typing import Annotated

import structlog
import typer

from bot import logs
from bot.console import ask, backup, bench, chat, collective, hear, play, referrals, review, run, staff
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
for room in (run, chat, review, play, hear, ask, referrals, staff, collective, bench, backup):
    room.add_to(app)


@app.callback()
def _every(debug: Annotated[bool, typer.Option(help="Log more.")] = False) -> None:
    logs.set_up(debug=debug)


def main() -> None:
    """Run the command that was named; an error we know is one line on stderr and exit 2."""
    try:
        app()
    except (HelplineError, StorageError, FlowError) as wrong:
        structlog.reset_defaults()
        sys.stderr.write(f"sathi: {wrong}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()

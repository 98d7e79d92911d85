"""What every test may lean on: one account of what was skipped, at the end."""

from collections.abc import Callable

import pytest

pytest_plugins = ("tests.databases",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` rewrites the conversations of tests/conversations as they come out today."""
    parser.addoption("--update", action="store_true", help="rewrite tests/conversations")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name at the end what was not there to be tested against, and print what the long proofs counted."""
    skipped = sorted({str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])})
    for reason in skipped:
        terminalreporter.write_line(f"not tested: {reason}")
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", []):
            if name == "proof":
                terminalreporter.write_line(str(value))


@pytest.fixture
def proof(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Call it with a line of figures; the line stands in the closing summary of the run."""
    return lambda line: record_property("proof", line)

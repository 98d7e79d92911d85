"""What a test needs from outside, and may miss."""

import os

import pytest


def need(present: bool, what: str) -> None:
    """Skip the test where `what` is not there; with REQUIRE_ALL=1, as in `.ci/run`, that is a failure."""
    if present:
        return
    reason = f"not on this machine: {what}"
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)

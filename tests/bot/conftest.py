"""The stores of the storage tests, for what stands on top of them."""

from tests.storage.conftest import (  # noqa: F401  fixtures are found by their names
    postgres,
    postgres_engines,
    sealer,
    sqlite_files,
    store,
)

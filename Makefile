# The few things one does with Sathi. `make run` and `make test` need nothing installed but Python 3.11+.

PYTHON ?= python3
PORT ?= 8000
export PORT
BIN := .venv/bin
STAMPS := .stamps
WORKERS ?= 2

.PHONY: install run test check bench catalogues

install: $(STAMPS)/installed catalogues

run: install
	$(BIN)/sathi demo

test: check
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup tests

check: install $(STAMPS)/tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.budgets
	$(BIN)/python -m locales.check
	$(BIN)/sathi review --no-dates

bench: install
	$(BIN)/sathi bench --json

catalogues: $(STAMPS)/installed
	$(BIN)/python -m locales.compile

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(STAMPS)/installed: $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/tools: $(STAMPS)/installed tests/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@mkdir -p $(STAMPS) && touch $@

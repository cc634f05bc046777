# A few words do everything; `make help` lists them. The same words run here, in pre-commit and in CI.

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed

# Each candidate is run, not only looked for: a shim on the PATH may have no Python behind it, and
# some systems ship one without `ensurepip`, which cannot make a virtual environment.
PYTHON ?= $(shell for candidate in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$candidate -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1 && { echo $$candidate; break; }; done)

# The tests that `make test` runs; two workers, since two cores are what every machine has.
FAST_TESTS := tests/unit tests/property tests/simulation
WORKERS ?= 2

ARGS ?=
ONLY ?=
SEED ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test integration lint format bench simulate proto ci clean

help: ## list these words
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV) ## make .venv with everything that running, testing and checking need

run: $(RUNTIME) ## run the demo: simulator, strategy, orders, recording (ARGS="--speed max ...")
	@$(BIN)/aipx demo $(ARGS)

test: $(DEV) ## run the unit, property and simulation tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(FAST_TESTS) $(ARGS)

integration: $(DEV) ## run the tests that need sockets, processes and files
	@$(BIN)/python -m pytest tests/integration $(ARGS)

lint: $(DEV) ## check style, types, direction of imports, spelling, house rules, proto
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/codespell
	@$(BIN)/python tools/tidy.py
	@$(BIN)/buf lint proto

format: $(DEV) ## rewrite the code in the house's format, and fix what can be fixed by itself
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(DEV) ## measure, print a table, write bench.json (ONLY=a,b for some)
	@$(BIN)/python -m benchmarks.run $(if $(ONLY),--only $(ONLY))

simulate: $(DEV) ## replay one seeded run of the simulation test (SEED=n)
	@test -n "$(SEED)" || { echo "make simulate needs SEED=n, such as SEED=7" >&2; exit 2; }
	@$(BIN)/python -m tests.simulation.replay $(SEED)

proto: $(DEV) ## make the protobuf code of src/aipx_api anew
	@$(BIN)/python tools/proto.py

ci: ## do what CI does: test, lint, integration, the real data beside the checkout
	@bash .ci/run

clean: ## remove .venv and every cache
	@rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "AIPX needs Python >= 3.11 with venv and ensurepip; none was found on the PATH. Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "AIPX needs Python >= 3.11; PYTHON is $(PYTHON), which is older or does not run." >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) ..."
	@"$(PYTHON)" -m venv $(VENV)

# The stamps are touched last, so that an interrupted installation is taken up again. Python compiles
# what it imports, when it first does: compiling all of every library beforehand doubles the wait.
$(RUNTIME): pyproject.toml | $(BIN)/pip
	@echo "Installing AIPX (once; a few minutes at most) ..."
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --editable .
	@touch $@

$(DEV): pyproject.toml | $(BIN)/pip
	@echo "Installing AIPX with its tools (once; a few minutes at most) ..."
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --editable '.[dev]'
	@touch $(RUNTIME) $@

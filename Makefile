# The two commands are `make run` and `make test`. Each sets up what it needs, and may be run again.
.DEFAULT_GOAL := help
.PHONY: help setup run test coverage check soak format bench lock screenshots clean

# The machine's Python; PYTHON=... names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PORT ?= 8000

help: ## Say what each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make the environment in .venv: packages, styles, compiled kernels
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found (or name one: make PYTHON=...)" >&2; exit 1; }
	@$(PYTHON) scripts/setup.py

run: setup ## Create the demonstration hub, if it is not there, and serve it (PORT=8000)
	@$(BIN)/stepdown demo
	@$(BIN)/stepdown serve --port $(PORT)

test: setup ## Check everything, then test on SQLite, on PostgreSQL and in a browser
	@$(BIN)/python -m scripts.suite

coverage: setup ## The same, and which lines the tests come by: at least 90 %
	@$(BIN)/python -m scripts.suite --coverage

check: setup ## Style, types, layers and migrations, without the tests
	@$(BIN)/python -m scripts.check

soak: setup ## Try the engine on random worlds and tamper with a ledger (SOAK="ledger --count 500": less)
	@$(BIN)/python -m tests.soak $(SOAK)

format: setup ## Put the code in its usual form
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

bench: setup ## Measure, and write docs/performance.md (SETS="lbal nation" measures others)
	@$(BIN)/python benchmarks/run.py $(SETS)

lock: setup ## Pin the newest allowed versions of everything (needs uv and npm)
	@command -v uv >/dev/null || { echo "uv was not found. Install it, for example: pip install uv" >&2; exit 1; }
	uv pip compile --quiet --universal --upgrade --generate-hashes --no-header --no-annotate \
		--python-version 3.11 pyproject.toml -o requirements/base.txt
	uv pip compile --quiet --universal --upgrade --generate-hashes --no-header --no-annotate \
		--python-version 3.11 -c requirements/base.txt pyproject.toml --extra dev -o requirements/dev.txt
	$(BIN)/python scripts/npm.py update --omit-lockfile-registry-resolved --no-audit --no-fund

screenshots: setup ## Take the pictures in docs/screenshots
	@STEPDOWN_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest tests/journeys -q -n 2 --dist=loadfile

clean: ## Remove everything that was made, but not the hub's data in var/
	rm -rf .venv node_modules src/stepdown/pages/static/build build dist htmlcov \
		.coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	find src tests scripts benchmarks \( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +

# The ways in: install, demo, test. Everything a person types; what CI runs is .ci/run, which is `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
LOCKS := requirements/build.txt requirements/runtime.txt
LINTED := $(wildcard src tests bench)
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-virtualenv
# More than processors: a worker often waits, for a browser, a printer, a disk.
WORKERS ?= $(shell expr $$(nproc) + 1)
# Tests start Python some hundred times: what was compiled once is kept, whatever the caller's Python is told.
unexport PYTHONDONTWRITEBYTECODE
# A file stays with one worker: nodes, browsers and CUPS serve a whole file. Files marked long come first (tests/conftest.py).
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -q

.PHONY: help install demo test test-needs peers lint format types layers collected tests tests-postgresql bench lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 26

install: $(VENV)/.installed ## .venv with the platen command, from locked dependencies

$(VENV)/.made: scripts/make-venv
	scripts/make-venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml $(LOCKS) | $(VENV)/.made
	$(PIP_INSTALL) --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.txt
	$(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

demo: install ## a running Platen with people, cards, prices and two virtual printers
	$(VENV)/bin/platen demo

test-needs: $(VENV)/.installed-dev peers ## installs what the tests need: development tools, CUPS, PostgreSQL, Chromium

# After the virtual environment, for which make-venv may have to ask apt-get as well: two at once stand in each other's way.
peers: | $(VENV)/.made
	@scripts/test-needs

# What the gates need and what the tests need are installed side by side, and the gates look meanwhile. Of the tests, PostgreSQL
# comes before the whole suite, so that the last line is the whole suite's summary.
test: ## every gate and every test
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target peers lint types layers collected
	@$(MAKE) --no-print-directory --jobs=1 tests-postgresql tests

lint: $(VENV)/.installed-dev ## format and lint checks
	$(VENV)/bin/ruff format --check $(LINTED)
	$(VENV)/bin/ruff check $(LINTED)

types: $(VENV)/.installed-dev ## type checks, strict for protocols, documents and policy
	$(VENV)/bin/mypy src/platen

layers: $(VENV)/.installed-dev ## import contracts
	$(VENV)/bin/lint-imports

# Reads every test once, so that what is compiled of them is there when several workers read them. What is wrong with one, the
# tests say.
collected: $(VENV)/.installed-dev
	@$(PY) -m pytest --collect-only -qq >/dev/null 2>&1 || true

# What was covered stays in .coverage: `coverage xml` and `coverage html` make other reports of it. (pytest-cov would make each
# report twice, ten seconds of one processor.) The last line says again how the tests went.
tests: $(VENV)/.installed-dev ## the test suite with coverage, on SQLite
	@mkdir -p build
	set -o pipefail; $(PYTEST) --cov --cov-report= | tee build/tests.log
	$(VENV)/bin/coverage report
	@tail -n 1 build/tests.log

# Pages in a browser ask the same queries as the tests of their views, which run here; they take as long as all others.
tests-postgresql: $(VENV)/.installed-dev ## the tests that store something, on a PostgreSQL server of their own
	$(PY) -m tests.peers.postgres $(PYTEST) -m "database and not browser"

bench: install ## every benchmark, one line of JSON each
	$(PY) -m bench

format: $(VENV)/.installed-dev ## formats and repairs what ruff can
	$(VENV)/bin/ruff format $(LINTED)
	$(VENV)/bin/ruff check --fix $(LINTED)

# Resolved for every supported Python and platform at once; the recorded command is this one, not the machine's own paths.
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

lock: $(VENV)/.installed-dev ## resolves the locked dependencies anew (UPGRADE=--upgrade takes newer ones)
	$(LOCK) pyproject.toml -o requirements/runtime.txt
	$(LOCK) --group pyproject.toml:build -o requirements/build.txt
	$(LOCK) -c requirements/runtime.txt -c requirements/build.txt --group pyproject.toml:dev pyproject.toml -o requirements/dev.txt

clean: ## removes what was built and installed here, never data
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

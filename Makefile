# Everything a newcomer needs: `make desk` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
EXAMPLES := 20000
.PHONY: help setup desk test fuzz lint bench lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

desk: setup ## Start the desk with a demo newsroom, and print address and login
	@$(BIN)/python -m newsdesk.start

test: setup ## Run the whole test suite
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

fuzz: setup ## The long run: every law EXAMPLES (20000) times, 100 kills, every hostile page
	@NEWSDESK_EXAMPLES=$(EXAMPLES) NEWSDESK_KILLS=100 NEWSDESK_EVERY_PAGE=1 \
		$(BIN)/python -m pytest -n auto --dist load -m "hypothesis or long"

lint: setup ## Check style, types, templates and the floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@$(BIN)/lint-imports
	@$(BIN)/python -m mypy articles newsdesk
	@$(BIN)/bandit -q -c pyproject.toml -r articles newsdesk

bench: setup ## Measure everything up to a million stories, as one table of ratios (BENCH="all --sizes 10000")
	@$(BIN)/python -m tests.benchmarks $(BENCH)

lock: setup ## Choose new versions of the dependencies and write them to requirements/
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --upgrade -o requirements/base.txt pyproject.toml
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --upgrade --extra postgres --extra ops --extra dev \
		-c requirements/base.txt -o requirements/dev.txt pyproject.toml

clean: ## Remove the environment and caches; the database and .env stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis staticfiles

setup: $(VENV)/.ready ## Create the environment in .venv

$(VENV)/.ready: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Newsdesk needs Python 3.11 or newer: install it, then run make PYTHON=python3.11 $(MAKECMDGOALS)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing: install it (Debian and Ubuntu: sudo apt-get install python3-venv), then run make again."; exit 1; }
	@echo "Setting up the environment in $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $(VENV)/.ready

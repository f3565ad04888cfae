# On a fresh machine: `make chat` answers questions, `make test` runs every check. Both make their environment first.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: chat serve test format clean

chat: .venv/ready
	@$(BIN)/clinic-faq

serve: .venv/ready-web
	@$(BIN)/clinic-faq serve

test: .venv/ready-dev
	-@scripts/install-browser
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/clinic-faq check
	$(BIN)/pytest --ignore=tests/widget
	$(BIN)/pytest tests/widget

format: .venv/ready-dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "clinic-faq needs Python 3.11 or newer; say which with: make $(MAKECMDGOALS) PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[meaning]'
	@touch $@

.venv/ready-web: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[web,meaning]'
	@touch $@ .venv/ready

.venv/ready-dev: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ .venv/ready .venv/ready-web

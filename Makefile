# Partnerdesk: all that a developer types. `make help` lists it.
# Other ports: `make run ADMIN_PORT=9001 PORTAL_PORT=9002`.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run test lint types bench soak runtime dev browser coverage

ADMIN_PORT ?= 8501
PORTAL_PORT ?= 8502
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-input
SOURCES := $(wildcard core front_door proposal_view training_view admin_app portal_app bench tests)

export ADMIN_PORT PORTAL_PORT
ifneq ($(ADMIN_PORT),8501)
export ADMIN_URL ?= http://127.0.0.1:$(ADMIN_PORT)
endif
ifneq ($(PORTAL_PORT),8502)
export PORTAL_URL ?= http://127.0.0.1:$(PORTAL_PORT)
endif
unexport PYTHONDONTWRITEBYTECODE  # Many short processes start here; each would compile every module anew.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: runtime ## set up, migrate, load the demo company, start admin, portal and worker; Ctrl-C stops all
	@python -m core.migrations upgrade
	@python -m core.demo load
	@python -m core.demo links --when-ready & links=$$!; trap "kill $$links 2>/dev/null" EXIT; \
	honcho start admin portal worker || test $$? -eq 130

test: dev browser lint types ## set up, check style and types, run every test on SQLite, PostgreSQL and a real browser
	@python -m pytest -n 3  # One more than usual cores: many tests wait for a browser.

lint: dev ## ruff: style, imports and known mistakes
	@ruff check $(SOURCES)
	@ruff format --check --diff --quiet $(SOURCES)

types: dev ## mypy --strict
	@mypy $(SOURCES)

bench: dev browser ## measure against the floors and write docs/performance.md
	@python -m bench

soak: dev browser ## the long runs: races, kills, faults and tampering in full count
	@python -m pytest -n 2 -m soak

coverage: dev browser
	@python -m pytest -n 2 --cov --cov-report=term

runtime: $(VENV)/.runtime
dev: $(VENV)/.dev

browser: dev
	@tests/install_browser.sh
	@tests/install_pdf_tools.sh

$(VENV)/bin/python:
	@tests/make_venv.sh $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing requirements.txt into $(VENV)"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing requirements-dev.txt into $(VENV)"
	@$(PIP) -r requirements-dev.txt
	@touch $@

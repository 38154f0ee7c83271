# The portal's commands. `make help` lists them; README.md says what they do.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

# A system Python of at least 3.11 makes .venv; PYTHON=… names another one.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
PY := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
TESTS ?= tests

.PHONY: help run test check bench reset lock messages schema venv venv-dev
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: venv ## start everything and print the address and the demo sign-ins (HOST, PORT)
	@HOST='$(HOST)' PORT='$(PORT)' exec $(PY) -m dalian_coop.launcher

test: venv-dev ## set up, run all checks, then all tests (TESTS=tests/planning for a part)
	@$(PY) -m tests.browser.chromium
	@$(MAKE) check
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q $(TESTS)

check: venv-dev ## the checks alone: style, templates, imports, migrations, settings, REST description, translations
	@$(PY) .ci/check.py

bench: venv-dev ## measure lists, detail, update, export and road map with 20,000 tasks in a scratch database
	@$(PY) -m tests.bench

messages: venv-dev ## collect the texts of code and templates into the catalogues and compile them
	@$(PY) manage.py messages --extract
	@$(PY) manage.py messages --compile

schema: venv-dev ## write docs/openapi.yaml anew from the code
	@$(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

reset: ## ask, then remove the database and everything else in var/
	@.ci/reset

lock: ## pin all packages anew from requirements.txt and requirements-dev.txt
	@.ci/lock

# .venv holds a copy of the digest of the lock file it was made from: a changed lock file is installed anew.
venv:
	@PYTHON='$(PYTHON)' bash .ci/venv requirements.lock
venv-dev:
	@PYTHON='$(PYTHON)' bash .ci/venv requirements-dev.lock

# make run · make dev · make test · make bench · make audit: thin lines over python -m …
PYTHON ?= python3
IN := .venv/bin/python -m

# The tests start Python many times: each would compile the portal and its libraries anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run dev test style types suite bench audit guide format migration lock

run:
	@$(PYTHON) -m tests.tools run
	@$(IN) web --demo demo

# What the quick commands of CONTRIBUTING.md need: the development environment, without the servers.
dev:
	@$(PYTHON) -m tests.tools dev

# Style first, which takes a second; then types beside the tests: mypy has one core, and they begin with one.
test:
	@$(PYTHON) -m tests.tools test
	@$(MAKE) --no-print-directory style
	@$(MAKE) --no-print-directory --jobs=2 types suite

style:
	$(IN) ruff check .
	$(IN) ruff format --check .

types:
	$(IN) mypy
	.venv/bin/lint-imports --no-logo

suite:
	$(IN) pytest -n auto --dist loadfile --no-loadscope-reorder

bench:
	@$(PYTHON) -m tests.tools test
	$(IN) tests.bench

audit:
	@$(PYTHON) -m tests.tools test
	$(IN) tests.audit

# The pictures of « Guide d'utilisation », drawn anew from the screens of today.
guide:
	@$(PYTHON) -m tests.tools dev
	GUIDE=draw $(IN) pytest tests/browser/test_guide_pictures.py -q -n 0

format:
	@$(PYTHON) -m tests.tools dev
	$(IN) ruff check --fix .
	$(IN) ruff format .

# Write what changed in the nouns as a migration: make migration NAME=what_changed
migration:
	@$(PYTHON) -m tests.tools dev
	.venv/bin/tortoise makemigrations --name $(NAME)

# New versions: edit the .in files, add UPGRADE=--upgrade to renew every pin.
COMPILE = $(IN) uv pip compile --universal --python-version 3.11 --quiet --generate-hashes \
	--no-header --no-emit-index-url $(UPGRADE)
lock:
	@$(PYTHON) -m tests.tools dev
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt

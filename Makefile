# Gendan's household. `make run` is all a visitor needs; `make test` and `make check` are CI's.

# Nothing: the fastest Python 3.11 that is there.
PYTHON ?=
# Compiled files are kept: without them every start compiles the whole house anew.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: run setup test check bench prove reset shots messages lock clean help
.DEFAULT_GOAL := help

help:
	@echo "make run       set everything up, load the demo once, serve on http://127.0.0.1:8000"
	@echo "make run PORT=8001 ... on another port"
	@echo "make setup     virtual environment and locked dependencies"
	@echo "make test      all tests, with a PostgreSQL of their own"
	@echo "make check     format, lint, types, layers, migrations, translations"
	@echo "make bench     measure everything beside its floor; PARTS=\"spine place\" for some"
	@echo "make messages  gather texts to translate into each room's django.po"
	@echo "make shots     a picture of every page, in both languages and widths, in shots/"
	@echo "make lock      resolve requirements*.in anew into the lock files"
	@echo "make prove     races, crashes and bad files in full (long); PROOFS=\"pairs kill\" for some"
	@echo "make reset     delete the home: database, files, secrets (asks first)"
	@echo "make clean     delete what is made: virtual environment, caches, compiled files"

run: setup
	@$(BIN)/gendan demo
	@exec $(BIN)/gendan serve --demo $(if $(PORT),--port $(PORT))

setup: $(VENV)/installed

test: $(VENV)/installed-for-development chromium
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

# Checks read the settings, and those want a home; it shall not be the visitor's.
check messages: export GENDAN_HOME := $(CURDIR)/.cache/check-home
check messages: export DJANGO_SETTINGS_MODULE := gendan.config.settings

check: $(VENV)/installed-for-development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy gendan
	$(BIN)/lint-imports
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python -m gendan.config.messages --check

bench: setup
	@$(BIN)/gendan bench $(PARTS) $(ARGS)

messages: $(VENV)/installed-for-development
	$(BIN)/python -m gendan.config.messages

shots: $(VENV)/installed-for-development chromium
	$(BIN)/python -m tests.shots

prove: $(VENV)/installed-for-development
	@$(BIN)/python -m tests.prove $(PROOFS) $(ARGS)

reset: setup
	@$(BIN)/python -m gendan.config.reset

lock: $(VENV)/installed-for-development
	$(BIN)/uv pip compile $(LOCKING) -o requirements.lock requirements.in
	$(BIN)/uv pip compile $(LOCKING) -c requirements.lock -o requirements-dev.lock requirements-dev.in

LOCKING := --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header $(if $(UPGRADE),--upgrade)

clean:
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf gendan/static-built build shots *.egg-info
	find gendan -name '*.mo' -delete
	find gendan -name __pycache__ -prune -exec rm -rf {} +

# What follows makes the virtual environment; each step leaves a file, and is skipped while that
# is newer than what it was made from.

INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check

$(BIN)/pip:
	@sh packaging/make-venv "$(PYTHON)" $(VENV)

$(VENV)/installed: $(BIN)/pip requirements.lock pyproject.toml
	@echo "Installing what Gendan needs (once; some minutes on a slow line)"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-for-development: $(VENV)/installed requirements-dev.lock
	@echo "Installing what tests and checks need (once)"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: chromium
chromium:
ifeq ($(CHROMIUM),)
	@sh packaging/install-chromium
endif

# `make` lists the targets. A fresh machine needs Python 3.11 with venv, and make.

PYTHON ?= python3
PORT ?= 8000
SERVE ?= 1

BIN := .venv/bin
RUN := .venv/run.stamp
DEV := .venv/dev.stamp
DEMO := env DEBUG=0 ONELICENSE_DEMO=1
PRODUCTION := env DEBUG=0 ONELICENSE_DEMO=0 ALLOWED_HOSTS=example.org \
	SECRET_KEY=only-for-the-check-of-settings-0123456789-abcdefghijkl

.PHONY: help demo test check faults fuzz bench setup lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 8

demo: $(RUN) ## file two cases live, then serve the pages (SERVE=0: end after that; PORT=8000)
	@$(DEMO) $(BIN)/python -m onelicense.prepare
ifeq ($(SERVE),0)
	@$(DEMO) $(BIN)/python -m onelicense.supervisor --then $(BIN)/python manage.py tell_story
else
	@$(DEMO) $(BIN)/python -m onelicense.supervisor --web $(PORT) --serve \
		--then $(BIN)/python manage.py tell_story
endif

test: $(DEV) ## every test, on SQLite and on PostgreSQL, and each fault once
	@$(BIN)/python -m tests.lanes

check: $(DEV) ## style, types, layers, templates, migrations, translations, settings, audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet services
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_translations
	$(BIN)/python manage.py load_catalogue --check
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m onelicense.audit

faults: $(DEV) ## break everything under load, goes on where it stopped (ONLY=F1,F7; FRESH=1)
	@$(BIN)/python -m tests.faults $(if $(ONLY),--only $(ONLY)) $(if $(FRESH),--fresh)

fuzz: $(DEV) ## the state machines of tests/invariants, the log's honest runs and drill, for long
	$(BIN)/pytest tests/invariants tests/ledger/test_honest_runs.py \
		tests/ledger/test_drill.py --hypothesis-profile=long

bench: $(DEV) ## ours against the rivals, from the same run
	$(BIN)/python benchmarks/exchange.py
	$(BIN)/python benchmarks/filing.py
	$(BIN)/python benchmarks/log.py

setup: $(DEV) ## only install

lock: ## write constraints.txt anew: the newest that the requirements allow
	@rm -rf var/lock && $(PYTHON) -m venv var/lock
	@var/lock/bin/python -m pip install --quiet --requirement requirements-dev.txt
	@sed -n '/^#/p' constraints.txt > var/lock/pins
	@var/lock/bin/python -m pip freeze --exclude pip --exclude setuptools >> var/lock/pins
	@mv var/lock/pins constraints.txt && rm -rf var/lock

clean: ## remove what was installed, made and cached here
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(RUN): requirements.txt constraints.txt
	@PYTHON=$(PYTHON) sh onelicense/install.sh .venv requirements.txt
	@touch $@

$(DEV): requirements.txt requirements-dev.txt constraints.txt
	@PYTHON=$(PYTHON) sh onelicense/install.sh .venv requirements-dev.txt
	@touch $(RUN) $@

# The two commands of the README come first: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
PORT ?= 8000
SERVE ?= 1

.PHONY: demo test check setup clean help

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## create .venv and install what requirements*.txt pin

$(STAMP): requirements.txt requirements-dev.txt constraints.txt
	@PYTHON=$(PYTHON) sh onelicense/install.sh $(VENV)
	@touch $@

clean: ## remove .venv, var/ and caches
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# `make demo` and `make test` are all a fresh machine needs: they make the environment in .venv themselves.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
JOBS   ?= 2
SPARK  := .venv-spark
# `make bench`: rows of student results (empty: the bench's own), runs of each thing
ROWS   ?=
REPEAT ?= 5
# `make bench-national`: where its rows are made and kept; empty: in a temporary folder, not kept
FOLDER ?=
# packs for `make mutants`; empty: all
PACKS  ?=
# the embeddable package of python.org for `make portable`, as python-3.12.10-embed-amd64.zip
PYTHON_EMBED ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types layers schema reference findings packs mutants validate bench bench-national package portable docs look clean spark

help:  ## what can be made
	@awk -F ':.*##' '/^[a-z-]+:.*##/ { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "shsnor needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; give one: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (only the first time, or when pyproject.toml changes)..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY)  ## evaluate the invented region inside the package
	@$(BIN)/shsnor demo

test: $(READY)  ## all tests
	@$(BIN)/python -m pytest -n $(JOBS)

lint: $(READY)  ## style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(READY)  ## style, mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(READY)  ## mypy --strict
	@$(BIN)/mypy

layers: $(READY)  ## who may import whom
	@$(BIN)/lint-imports

schema: $(READY)  ## the editors' schema of pack files, made again
	@$(BIN)/shsnor pack schema --out schema/pack.schema.json

reference: $(READY)  ## the reference page of the format, made again
	@$(BIN)/python tools/make_reference.py

findings: $(READY)  ## the index of the pages of message codes, made again
	@$(BIN)/python tools/make_findings_index.py

packs: $(READY)  ## the pages of packs in docs/packs, made again
	@$(BIN)/shsnor pack pages $(notdir $(wildcard indicator_packs/*)) --out docs/packs

mutants: $(READY)  ## how many small changes of each pack its cases notice; CHANGED=1: of packs with changed files
	@$(BIN)/python tools/score_mutants.py $(if $(CHANGED),--changed) $(PACKS)

validate: $(READY)  ## official lists of real schools, where their data is at hand (see tests/validation)
	@$(BIN)/python -m tests.validation

bench: $(READY)  ## the engine's figures beside their targets, against hand-written SQL
	@$(BIN)/python -m bench.run $(ROWS) --repeat $(REPEAT)

spark:  ## facts on Spark against DuckDB, in an environment of its own (.venv-spark); needs Java 17
	@if ! command -v java >/dev/null && [ -z "$$JAVA_HOME" ]; then echo "skipped: there is no Java here"; exit 0; fi; \
	  test -x $(SPARK)/bin/python || $(PYTHON) -m venv $(SPARK); \
	  $(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[spark,dev]' >spark.log 2>&1 \
	    || { tail -n 3 spark.log; rm -f spark.log; echo "skipped: pyspark cannot be had here"; exit 0; }; \
	  rm -f spark.log; $(SPARK)/bin/python -m pytest tests/test_spark.py tests/test_elsewhere.py

bench-national: $(READY)  ## the same for 100 million rows: half an hour, 7 GB of disk; FOLDER=... keeps the rows
	@$(BIN)/python -m bench.run --national --markdown --repeat $(REPEAT) $(if $(FOLDER),--folder $(FOLDER))

package: $(READY)  ## wheel and sdist, tried in an empty environment away from here
	@rm -rf dist
	@$(BIN)/python -m build --outdir dist >build.log 2>&1 || { cat build.log; exit 1; }
	@rm -f build.log
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && \
	  $(BIN)/python -m venv "$$place/venv" && \
	  "$$place/venv/bin/pip" install --quiet --disable-pip-version-check dist/*.whl && \
	  cd "$$place" && venv/bin/shsnor demo && venv/bin/shsnor pack test federal >cases.txt && tail -n 1 cases.txt
	@ls -l dist

portable: $(READY)  ## a folder for Windows that needs no installation, as a zip; PYTHON_EMBED=ZIP: with Python in it
	@$(BIN)/python tools/make_portable.py $(if $(PYTHON_EMBED),--python $(PYTHON_EMBED))

docs: $(READY)  ## the documentation site, in site/: opens from there, without a network
	@$(BIN)/python -c 'import mkdocs, material, mkdocstrings' 2>/dev/null || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@$(BIN)/python tools/check_site.py

look: docs  ## what a user looks at: the documentation site, and a new pack in an editor
	@PYTHON=$(BIN)/python sh tools/look.sh

clean:  ## remove what was made
	@rm -rf $(VENV) $(SPARK) dist build site .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

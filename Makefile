# Everything a fresh machine needs is python3 (3.11 or newer), make and a package index.
#
#   make demo       install, then run the shipped study and print what it found
#   make test       install, then check the style, the types, the layers, and run every test
#   make install    only the virtual environment .venv with the command .venv/bin/plimsoll

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Tests use two processes; `make test PYTEST_ARGS="-n 0 tests/unit"` for anything else.
PYTEST_ARGS ?= -n 2 --dist worksteal
# What else `make demo`, `make bench` and `make notebooks` are asked for: nothing by default.
# `make demo DEMO_ARGS="--replications 5"` is done in a sixth of the time.
DEMO_ARGS ?=
BENCH_ARGS ?=
NOTEBOOKS_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test lint bench notebooks run-notebooks test-notebooks validation tables \
  lock clean

help:
	@echo "make install    set up .venv (a few minutes the first time)"
	@echo "make demo       run the shipped study of an average English children's service"
	@echo "make test       check style, types and layers, and run every test"
	@echo "make bench      measure how fast the simulated service runs"
	@echo "make notebooks  open the notebooks in JupyterLab"
	@echo "make run-notebooks   execute them again, in place, after a change"
	@echo "make validation      hold the simulation against England again (a quarter of an hour at first)"
	@echo "make tables     make evidence table, glossary, schemas and results/README.md again"
	@echo "make lock       choose the newest versions of all libraries again"
	@echo "make clean      remove .venv, caches and builds (never results)"

install: $(STAMP)

# The stamp is older than either file after a change to them: then this runs again, and pip
# finds most of it done. --no-deps, as the lock names every library with its version.
$(STAMP): pyproject.toml requirements.lock
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Plimsoll needs Python 3.11 or newer, and there is no $(PYTHON) here." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Plimsoll needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; \
	  echo "If a newer one is installed, name it: make install PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
	  echo "Setting up $(VENV) ..."; $(PYTHON) -m venv --clear $(VENV); }
	@echo "Installing the libraries into $(VENV) (a few minutes the first time) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
	  --no-build-isolation --no-deps --editable .
	@$(BIN)/plimsoll compile
	@touch $@
	@echo "Installed: $(BIN)/plimsoll"

demo: install
	@echo
	@echo "An average English authority's children's service, three years, under several policies."
	@echo "(This is: $(strip $(BIN)/plimsoll run demo $(DEMO_ARGS)))"
	@echo
	@$(BIN)/plimsoll run demo $(DEMO_ARGS)
	@echo
	@echo "The study is configs/studies/demo.yaml: copy it, change it, and run your own with"
	@echo "  $(BIN)/plimsoll run my_study.yaml"

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: lint test-notebooks
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# Before the tests, so that what is printed last is their summary. One by one: a notebook uses both
# processors itself; and of two kernels that started at the same moment one has died at its start.
test-notebooks: install
	$(BIN)/python -m pytest -p nbmake --nbmake --nbmake-timeout=600 notebooks

# The last line that this prints is one line of JSON.
bench: install
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

notebooks: install
	$(BIN)/jupyter lab --notebook-dir notebooks $(NOTEBOOKS_ARGS)

run-notebooks: install
	$(BIN)/python scripts/run_notebooks.py

# What takes long is done where its results are not there: for figures of today's version, remove
# results/validation first. With results, the pages are made in two minutes or three.
VALIDATION := results/validation

$(VALIDATION)/patterns/manifest.json: | install
	@echo "Theory, a panel of authorities, the shock of 2022: about three minutes on two processors."
	$(BIN)/plimsoll validate --out $(@D)

$(VALIDATION)/backtest/manifest.json: | install
	@echo "The backtest of all authorities and years: about ten minutes on two processors."
	$(BIN)/plimsoll validate --backtest --out $(@D)

validation: install $(VALIDATION)/patterns/manifest.json $(VALIDATION)/backtest/manifest.json
	$(BIN)/python scripts/make_backtest_page.py $(VALIDATION)/backtest
	$(BIN)/python scripts/make_validation_page.py $(VALIDATION)

# After a change to scenario, outcomes, levers or stored tables: what is made from them.
tables: install
	$(BIN)/python scripts/make_evidence.py
	$(BIN)/python scripts/make_glossary.py
	$(BIN)/python scripts/make_results_readme.py
	$(BIN)/plimsoll schema --write configs/schema

lock:
	$(PYTHON) scripts/lock.py

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

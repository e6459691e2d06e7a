# Thin: everything here works without make, too (README, "Windows and macOS").
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: browser demo test fast check install install-test bench train clean

$(VENV)/made:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -c constraints.txt -e .
	touch $@

$(VENV)/installed-test: $(VENV)/made pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -c constraints.txt -e '.[test]'
	touch $@ $(VENV)/installed

install: $(VENV)/installed
	$(BIN)/protokollist models pull embedded

demo: install
	$(BIN)/protokollist demo --out demo-utkast

check: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The browser of the page tests: Debian's where there is apt, else Playwright's own.
browser: $(VENV)/installed-test
	command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium >/dev/null) || $(BIN)/playwright install chromium

fast: $(VENV)/installed-test
	$(BIN)/pytest -m 'not models and not slow'

test: check browser
	$(BIN)/protokollist models pull embedded
	$(BIN)/pytest

# MATERIAL=FOLDER: meetings, clips and scorers of one's own (bench/everything.py)
bench: $(VENV)/installed-test browser
	$(BIN)/protokollist models pull embedded
	nice $(BIN)/python bench/everything.py $(MATERIAL)

train: $(VENV)/made
	$(BIN)/pip install --quiet -c constraints.txt -e '.[train]'
	$(BIN)/protokollist models pull gemma-3-270m
	nice $(BIN)/python -m models.minutes.train --base "$${BASE:-$$($(BIN)/python -m models.minutes.base)}" $${START:+--start $$START} $${MINUTES:+--minutes $$MINUTES} $(ARGS) --out build/train

clean:
	rm -rf $(VENV) build dist *.egg-info demo-utkast

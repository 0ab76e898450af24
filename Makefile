# The menu. `make run` and `make test` do all the set-up themselves; a second start takes seconds.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
export PYTHONUNBUFFERED := 1

.PHONY: help
help:  ## This menu
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: setup setup-dev
setup:
	@scripts/setup.sh run
setup-dev:
	@scripts/setup.sh test

.PHONY: run
run: setup  ## Start the site and its workers on http://127.0.0.1:8000 (PORT, HOST change it); Ctrl-C stops all
	@$(PY) manage.py serve

.PHONY: test
test: setup-dev  ## Run all tests: units, cage, money, browser
	@scripts/test.sh

.PHONY: check
check: setup-dev  ## Lint, types, imports, migrations, templates, OpenAPI
	@scripts/check.sh

.PHONY: audit
audit: setup-dev  ## Known faults and withdrawn releases in the locks; says so where it cannot look
	@scripts/audit.sh

.PHONY: bench soak fuzz load chaos recovery
bench: setup-dev  ## Measure speed, as ratios within one run
	@scripts/bench.sh
soak: setup-dev  ## 10,000 caged runs in a row: no growth in memory, files or mounts
	@$(PY) -m benchmarks.soak
fuzz: setup-dev  ## Fuzz intake and the result decoder for longer than CI does
	@FUZZ_EXAMPLES=20000 $(PY) -m pytest -q -n0 -k fuzz --timeout 3600

chaos: setup-dev  ## Kill workers, web, PostgreSQL and Redis and fill the disk under load: nothing may be lost
	@CHAOS_SECONDS=$${CHAOS_SECONDS:-120} $(PY) -m pytest -q -n0 -m chaos --timeout 1800
recovery: setup-dev  ## Seconds until a run goes on after kill -9 of its worker, and of its cage
	@$(PY) -m benchmarks.recovery
load: setup-dev  ## Paid runs a second and latencies with PostgreSQL, Celery and Redis; growth with a million rows
	@$(PY) -m benchmarks.load

.PHONY: image-check
image-check:  ## Build the image, start compose.yaml, buy a run, kill, back up, restore, stop (needs Docker)
	@python3 scripts/image_check.py $(ARGS)

.PHONY: samples
samples: setup  ## Rebuild the sample FMUs from their C sources
	@$(PY) scripts/build_samples.py

.PHONY: screenshots
screenshots: setup-dev  ## Write every page at two widths, light and dark, into var/screenshots
	@$(PY) scripts/screenshots.py

.PHONY: format
format: setup-dev  ## Let the formatters have their way
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format . && .venv/bin/djade templates/**/*.html

.PHONY: lock
lock: setup-dev  ## Write requirements/*.txt anew from the .in files, with hashes
	@scripts/lock.sh

.PHONY: clean
clean:  ## Forget the environment and the data of `make run`
	rm -rf .venv var staticfiles

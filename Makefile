# Every target is a short way to say `python3 bootstrap.py …`, which first makes .venv when it is missing or old.
PYTHON ?= python3
RUN = $(PYTHON) bootstrap.py
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help up doctor test test-full check lint types imports format openapi audit vocabulary roles drawing screenshots bench backtest migrate shell lock clean

help: ## show this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nARGS="…" is handed on to the command; PYTHON=python3.12 chooses the Python.\n'

##@ Run
up: ## start everything here, until Ctrl-C; DEMO=1 also tells it the published reviews
	@$(RUN) up $(if $(filter-out 0,$(DEMO)),--demo) $(ARGS)

doctor: ## say what was found on this machine and what would be used
	@$(RUN) doctor $(ARGS)

migrate: ## bring the database of DATABASE_URL to the newest schema
	@$(RUN) migrate $(ARGS)

backtest: ## run the published reviews through detection, without a server
	@$(RUN) backtest $(or $(ARGS),config/scenarios)

##@ Test
test: ## run the tests, with its own servers; the heavy ones small
	@$(RUN) test $(ARGS)

test-full: ## the same at full size: 50 kills and many examples
	@LEDGER_TEST_SIZE=full $(RUN) test $(ARGS)

check: ## exactly what continuous integration runs
	@bash .ci/run

drawing: ## draw docs/images/alert-life.svg anew from the table of moves
	@$(RUN) sync --dev
	@.venv/bin/python docs/maintaining/draw_alert.py

bench: ## measure ingest, detection, memory and size beside bare inserts and clingo
	@$(RUN) bench $(ARGS)

##@ Develop
lint: ## ruff: rules and format
	@$(RUN) lint

format: ## let ruff put right what it can
	@$(RUN) format

types: ## mypy, strict
	@$(RUN) types $(ARGS)

imports: ## the import contracts
	@$(RUN) imports $(ARGS)

openapi: ## write docs/api/openapi.json anew from the code
	@$(RUN) sync --dev
	@.venv/bin/python docs/maintaining/refresh_openapi.py

audit: ## ask whether any package of the locks is known to be vulnerable
	@$(RUN) sync --dev
	@.venv/bin/python docs/maintaining/audit_locks.py

vocabulary: ## write docs/vocabulary.md and the families in docs/rule-packs.md anew
	@$(RUN) sync --dev
	@.venv/bin/python docs/maintaining/refresh_vocabulary.py

roles: ## write docs/roles.md anew from the tables of rights and routes
	@$(RUN) sync --dev
	@.venv/bin/python docs/maintaining/refresh_roles.py

screenshots: ## take docs/images/*.png anew in this machine's Chromium; ARGS="inbox" for one
	@$(RUN) sync --dev
	@.venv/bin/python docs/maintaining/take_screenshots.py $(ARGS)

shell: ## a shell with .venv's programs on its path
	@$(RUN) shell

lock: ## choose versions anew and write the two lock files
	@$(RUN) sync --dev
	.venv/bin/uv lock --quiet
	.venv/bin/uv export --quiet --no-emit-project --no-dev --no-annotate -o requirements.lock
	.venv/bin/uv export --quiet --no-emit-project --no-annotate -o requirements-dev.lock
	rm -f uv.lock

clean: ## remove .venv and the tools' caches; var/, which holds data, stays
	rm -rf .venv .venv.lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench-*.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

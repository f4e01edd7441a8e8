# The two commands of the house are `make run` and `make test`.
PYTHON ?= python3
SERVE ?= 1
PROFILE ?= small
FUZZ_SECONDS ?= 60
KILLS ?= 1000
# What takes minutes and needs a whole machine; CI runs it after `make test`.
SLOW := e2e or chaos or browser or mutation or thorough
BIN := .venv/bin
INSTALLED := .venv/.installed
BENCH_INSTALLED := .venv-bench/.installed
BENCH_HOME := .bench
DUCKLAKE_INSTALLED := .venv-ducklake/.installed
DUCKLAKE_EXTENDED := .venv-ducklake/.extended
STORE_INSTALLED := .venv-store/.installed

# Into an environment ($1) what a file ($2) pins. uv is ten times faster; pip serves where only pip knows the way to the
# package registry. Compiled at once: without bytecode every task, build and gate would compile its imports again.
install_pinned = $(BIN)/uv pip install --quiet --compile-bytecode --python $1/bin/python --require-hashes -r $2 || \
  $1/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $2

.DEFAULT_GOAL := help
.PHONY: help install run test slow check format messages explore secrets up-compose bench growth chaos fuzz lock update clean

help: ## Show what can be asked for
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

install: $(INSTALLED) ## Install everything, pinned by hash, into .venv

$(INSTALLED): requirements/lock.txt requirements/bootstrap.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make $(or $(MAKECMDGOALS),install) PYTHON=python3.12"; exit 1; }
	@echo "Installing into .venv (about a minute, pinned by hash) ..."
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@$(call install_pinned,.venv,requirements/lock.txt)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c "from ingestion.warehouse.dbt import read_ahead; read_ahead()"
	@touch $@

run: $(INSTALLED) ## Run the demonstration round from inbox to release and serve it (SERVE=0: stop after publishing)
	@$(BIN)/pcm demo
	@exec $(BIN)/pcm up --demo $(if $(filter 0,$(SERVE)),--once)

test: $(INSTALLED) ## Run the tests, but for the slow sets
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not ($(SLOW) or growth)"

slow: $(INSTALLED) $(STORE_INSTALLED) ## Run the slow sets: the whole stack, killed chains, a real browser, mutated rules, every country
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "$(SLOW)"

check: $(INSTALLED) ## Lint, types, import contracts, SQL and DAG sanity, in under a minute
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/sqlfluff lint --processes 2 --nocolor dbt_project
	@$(BIN)/pytest -q tests/unit/test_dags_sanity.py

format: $(INSTALLED) ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

explore: explore/built ## Install SQL in the browser (needs npm); the site then serves it at /explore/

explore/built: explore/package-lock.json explore/build.js explore/explore.js
	@cd explore && npm ci --silent && npm run --silent build

secrets: ## Make the secrets of the containers in deploy/secrets, those that are not there
	@$(PYTHON) deploy/make_secrets.py deploy/secrets

up-compose: secrets .env ## Start the containers of .env, which is made for PROFILE=small (one host) or cluster if it is not there
	@grep -q '^COMPOSE_PROFILES=' .env || { echo "Say in .env what to start, as deploy/small.env and deploy/cluster.env do."; exit 1; }
	docker compose up --build --detach --wait

.env:
	cp deploy/$(PROFILE).env .env

messages: $(INSTALLED) ## Collect all texts for translation and bring ingestion/languages/po/*.po up to date
	@$(BIN)/python -m ingestion.languages.extract

bench: $(INSTALLED) $(BENCH_INSTALLED) $(STORE_INSTALLED) ## Measure the desk against its peers, then every other part, on this machine (an hour)
	@$(BIN)/python -m benchmarks.desk
	@$(BIN)/python -m benchmarks.chain
	@$(BIN)/python -m benchmarks.disclosure
	@$(BIN)/python -m benchmarks.measures
	@$(BIN)/python -m benchmarks.build
	@$(BIN)/python -m benchmarks.gate
	@$(BIN)/python -m benchmarks.portal
	@test -e $(BENCH_HOME)/releases/current || \
	  { $(BIN)/pcm --home $(BENCH_HOME) demo && $(BIN)/pcm --home $(BENCH_HOME) up --demo --once; }
	@$(BIN)/python -m benchmarks.site $(BENCH_HOME)/releases/current
	@$(BIN)/python -m benchmarks.pages $(BENCH_HOME)
	@$(BIN)/python -m benchmarks.storage $(BENCH_HOME) --publications 50 --countries 4 --themes 2
	@$(BIN)/python -m benchmarks.cluster

# What only some targets need lives apart, so that the product's environment stays what it is: the tools that the desk is
# measured against (bench), DuckDB's line before this one (ducklake), the store of docker-compose.yml, 150 MB (store).
$(BENCH_INSTALLED) $(DUCKLAKE_INSTALLED) $(STORE_INSTALLED): .venv-%/.installed: requirements/%.txt $(INSTALLED)
	@$(PYTHON) -m venv $(@D)
	@$(call install_pinned,$(@D),$<)
	@touch $@

growth: $(INSTALLED) $(DUCKLAKE_EXTENDED) ## Build the same figures as a file and as a DuckLake, and compare (some minutes)
	@$(BIN)/pytest -m growth tests/growth

# DuckDB's extensions come as wheels of its line before; what is installed here is not fetched when it is loaded.
$(DUCKLAKE_EXTENDED): $(DUCKLAKE_INSTALLED)
	@.venv-ducklake/bin/python deploy/install_extensions.py .venv-ducklake/extensions
	@touch $@

chaos: $(INSTALLED) ## Do every harm often, show every hidden figure again, write the scorecard (an hour or more)
	@$(BIN)/pytest -m chaos --chaos-whole --chaos-kills $(KILLS) --chaos-flips 1000 --chaos-rounds 5; code=$$?; \
	  $(BIN)/python -m tests.chaos.scorecard .chaos/results.jsonl; exit $$code
	@$(BIN)/pytest -m mutation tests/integration/test_chain.py --shown-again 1000000

fuzz: $(INSTALLED) ## Fuzz each parser for FUZZ_SECONDS (60), on Linux x86-64
	@for target in csv sdmx xlsx archive ods numbers; do \
	  echo "Fuzzing $$target for $(FUZZ_SECONDS) s ..."; mkdir -p .fuzz; \
	  $(BIN)/python -m fuzz $$target $(FUZZ_SECONDS) 2>.fuzz/$$target.log || { tail -40 .fuzz/$$target.log; exit 1; }; \
	  grep "executed_units\|slowest_unit" .fuzz/$$target.log; done

lock: ## Renew the pinned requirements (needs uv)
	cd requirements && for name in lock bootstrap bench ducklake store; do \
	  uv pip compile $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $$name.in -o $$name.txt || exit 1; done

update: ## Raise the pins as far as requirements/*.in allow, and say what changed
	@$(MAKE) --silent lock UPGRADE="--quiet --upgrade"
	@git diff --unified=0 -- requirements | grep -E '^[-+][a-zA-Z0-9]+[^ ]*==' || echo "Nothing newer is allowed."

clean: ## Remove the virtual environment and the caches; the observatory's home stays
	rm -rf .venv .venv-bench .venv-ducklake .venv-store .bench build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .fuzz .screenshots explore/node_modules explore/built

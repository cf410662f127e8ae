# Every target is one thin call of the command line tool `lw`; `make help` lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION = 0.13.9
READY = .venv/.ready
# Without bytecode every process would compile Airflow, pandas, GX and dbt again.
unexport PYTHONDONTWRITEBYTECODE
LW = .venv/bin/lw
ENGINES_READY = .venv-engines/.ready

.DEFAULT_GOAL = help
.PHONY: help setup run test up down break truth worlds crash soak vendors clients engines bench lint lock clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv from requirements.lock (once; a minute or two when nothing is cached)"
	@started=$$(date +%s); \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Python 3.11 is needed; this is %s. Name it with: make PYTHON=/path/to/python3.11 run" % sys.version.split()[0])' && \
	$(PYTHON) -m venv .venv && \
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) && \
	.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock && \
	.venv/bin/uv pip install --quiet --python .venv/bin/python --no-build-isolation --no-deps -e . && \
	echo $$(( $$(date +%s) - started )) > .venv/.setup_seconds
	@touch $(READY)

setup: $(READY) ## Create .venv from the lock file (the other targets do it for you)

run: $(READY) ## One whole night against the bundled sandbox; again = the next simulated day
	@$(LW) run

test: $(READY) ## Every test: hermetic, real HTTP, real Airflow, real dbt
	@.venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder

up: $(READY) ## Airflow UI and the sandbox on 127.0.0.1 (detached)
	@$(LW) up

down: $(READY) ## Stop what `make up` started
	@$(LW) down

break: $(READY) ## A bad night: what is held back, what stays served, what to do
	@$(LW) break

truth: $(READY) ## Twenty simulated companies: planted effects against our estimates
	@$(LW) truth

worlds: $(READY) ## Known-truth worlds over 200 seeds, then every mutation; writes docs/results/worlds.md
	@$(LW) worlds --seeds 200 --output docs/results/worlds.md
	@LW_WORLDS=all .venv/bin/pytest -m worlds tests/worlds

crash: $(READY) ## Every writing system call damaged, every kill point, each followed by a normal run (needs strace)
	@.venv/bin/python tests/crash/crash_matrix.py --output docs/results/crash-matrix.md
	@LW_CRASH=all .venv/bin/pytest -m crash tests/crash

soak: $(READY) ## A hundred nights with seeded random faults for all vendors; writes docs/results/soak.md
	@.venv/bin/python tests/soak/run_soak.py --output docs/results/soak.md

vendors: $(READY) ## The same company with other vendors, whole nights: marts equal but for what a vendor cannot tell
	@LW_VENDORS=all .venv/bin/pytest -m vendors tests/vendors

clients: $(READY) ## Other people's clients (zenpy, simple-salesforce, ...), installed aside, read the sandbox over TLS
	@.venv/bin/pytest -m clients tests/clients

$(ENGINES_READY): requirements-engines.lock | $(READY)
	@echo "Setting up .venv-engines with pyspark and dbt-spark (once; about half a GB)"
	@$(PYTHON) -m venv .venv-engines && \
	.venv/bin/uv pip install --quiet --python .venv-engines/bin/python --require-hashes -r requirements-engines.lock
	@touch $(ENGINES_READY)

engines: $(READY) $(ENGINES_READY) ## One small night on DuckDB, PostgreSQL and Spark: every row compared (needs Java 17)
	@LW_HOME=$(CURDIR)/var/engines LW_EMPLOYEES=200 LW_ACCOUNTS=150 sh -c '$(LW) run && $(LW) compare --output docs/results/engines.md'
	@.venv/bin/pytest -m "engines or spark" tests/engines

bench: $(READY) ## Extract, land and type beside a bare loop, dlt, singer-sdk and airbyte-cdk; writes docs/benchmarks.md
	@.venv/bin/python benchmarks/bench.py

lint: $(READY) ## ruff, mypy and sqlfluff
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/sqlfluff lint dbt_project/models --disable-progress-bar

lock: $(READY) ## Resolve pyproject.toml into requirements.lock again
	@.venv/bin/uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock
	@.venv/bin/uv pip compile --group engines --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-engines.lock
	@for peer in dlt singer airbyte; do .venv/bin/uv pip compile --group bench-$$peer --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -o benchmarks/requirements-$$peer.lock; done

clean: ## Remove everything a run made (var/) and the environment
	@if [ -x $(LW) ]; then $(LW) down --quiet; fi
	@rm -rf var .venv .venv-engines dbt_project/target dbt_project/logs .hypothesis .pytest_cache .mypy_cache .ruff_cache

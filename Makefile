# Every target wraps one command; `nsaas --help` and CONTRIBUTING.md tell the rest.
# ARGS goes to that command: make up ARGS="--port 9000", make test ARGS="-k quota -x".

BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help up down test check fmt bench golden sbom clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

.venv/ready: requirements.lock pyproject.toml scripts/bootstrap scripts/bootstrap.py
	@scripts/bootstrap

up: .venv/ready ## start everything here and stay in the foreground (ARGS=--detach: return)
	@exec $(BIN)/nsaas up $(ARGS)

down: .venv/ready ## stop what `make up ARGS=--detach` left running
	@exec $(BIN)/nsaas down $(ARGS)

test: .venv/ready ## run every test, on a real control plane, a real database, a real browser
	@exec scripts/test $(ARGS)

check: .venv/ready ## format, lint, types, import contracts, bandit, secrets, manifests
	@exec $(BIN)/python scripts/check.py $(ARGS)

fmt: .venv/ready ## format the code and mend what ruff can mend by itself
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: .venv/ready ## run the benchmarks, print one table, write bench/results/*.json
	@exec $(BIN)/python -m bench $(ARGS)

golden: .venv/ready ## write the golden manifests anew; review the difference
	@exec $(BIN)/pytest tests/manifests --update-golden $(ARGS)

sbom: .venv/ready ## write the bill of materials, Python and front end, to build/sbom.json
	@exec $(BIN)/python scripts/sbom.py $(ARGS)

clean: ## remove what was built; the state in .nsaas stays (`nsaas up --fresh` starts over)
	@if [ -x $(BIN)/nsaas ]; then $(BIN)/nsaas down || true; fi
	@rm -rf .venv .web .frontend .states build dist *.egg-info assets/external \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find nsaas_app tests bench scripts -name __pycache__ -prune -exec rm -rf {} +

# The two commands a user needs are `make run` and `make test`; the others are for those who change fengping.
PY := .venv/bin/python
.PHONY: run test lint bench bench-peers demo setup setup-dev lock wheel clean-demo train-env train-check

run: setup          ## start the demo world, crawl it, read it, watch it, and open the dashboard
	@.venv/bin/fengping demo --home .demo

demo: setup         ## the same, end to end, without a dashboard left running; prints found / missed / false incidents
	@.venv/bin/fengping demo --home .demo-check --fresh --check

test: setup-dev     ## the whole suite
	@scripts/test

lint: setup-dev     ## ruff, mypy --strict, the layers
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(PY) -m pytest tests/test_architecture.py

bench: setup-dev    ## every figure of the requirements, as a table
	@$(PY) -m benchmarks

bench-peers: setup-dev   ## fengping beside other readers from PyPI, into docs/benchmarks.md (needs the extra `bench`)
	@$(PY) -m benchmarks.peers

train-env:          ## .venv-train, with PyTorch; then `.venv-train/bin/python -m training.train --help`
	@scripts/train-env

train-check: train-env   ## tests of training, a tiny run among them
	@.venv-train/bin/python -m pytest tests/training

setup:
	@scripts/setup run

setup-dev:
	@scripts/setup dev

lock:               ## compile the locked requirements anew from pyproject.toml
	@scripts/lock

wheel: setup-dev
	uv build --wheel

clean-demo:
	rm -rf .demo .demo-check

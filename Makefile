# Everything a person runs. `make demo` and `make test` each work alone as the first command on a fresh machine.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BASE ?= python:3.11-slim-bookworm
TAG ?= moyai:local

.PHONY: help setup demo test lint check soak proto bench bench-peers handbook lock release-contract release-sessions dist kit base-image image image-size clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

setup: ## Make .venv from the lock file; at once when nothing changed
	@bash deploy/setup-venv.sh "$(PYTHON)" "$(VENV)"

demo: setup ## Watch three towns keep and share evacuees through a network cut
	@$(BIN)/moyai demo $(DEMO)

test: setup ## Run the tests, on all processors
	@$(BIN)/python -m pytest -q --numprocesses auto --dist loadfile --no-loadscope-reorder $(TEST)

lint: setup ## Run every check but the tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/buf lint
	@$(BIN)/buf format --diff --exit-code
	@BIN=$(BIN) bash deploy/buf-breaking.sh

check: lint test ## Run every check

proto: setup ## Generate the Python of protocol/ again
	@cd protocol && ../$(BIN)/python -m grpc_tools.protoc -I. --plugin=protoc-gen-mypy=../$(BIN)/protoc-gen-mypy \
	  --python_out=. --mypy_out=. moyai/v1/*.proto
	@cd protocol && ../$(BIN)/python -m grpc_tools.protoc -I. --plugin=protoc-gen-mypy_grpc=../$(BIN)/protoc-gen-mypy_grpc \
	  --grpc_python_out=. --mypy_grpc_out=. moyai/v1/exchange.proto

soak: setup ## Play many federations against their invariants: SOAK=2000, and FIRST=seed to begin where another run did
	@$(BIN)/python -m tests.simulator soak $(or $(SOAK),2000) $(FIRST)

bench: setup ## Run the benchmarks
	@$(BIN)/python -m tests.benchmarks $(BENCH)

bench-peers: setup ## Fetch what the benchmarks are held against: Splink, and PouchDB from npm, which needs node
	@mkdir -p .bench-peers && $(PYTHON) -m venv .bench-peers/splink
	@$(BIN)/uv pip install --quiet --python .bench-peers/splink/bin/python --group bench
	@cd .bench-peers && npm install --silent --no-audit --no-fund --ignore-scripts pouchdb@9.0.0

handbook: setup ## Draw the pictures of tui/HANDBOOK.ja.md again from the screens
	@PYTHONPATH=.:protocol $(BIN)/python -m tests.tui.make_handbook

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
  --custom-compile-command "make lock"

lock: setup ## Write the lock files again from pyproject.toml
	@$(COMPILE) --group dev pyproject.toml -o requirements.lock
	@$(COMPILE) --constraint requirements.lock pyproject.toml -o deploy/runtime.lock
	@$(COMPILE) --constraint requirements.lock --group build -o deploy/build.lock

release-contract: setup ## Keep the contract as it is now as the released one of this version
	@mkdir -p protocol/released
	@version=$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml); \
	  $(BIN)/buf build --exclude-source-info -o protocol/released/v$$version.binpb && echo "protocol/released/v$$version.binpb"

release-sessions: setup ## Record what this version says to its peers, for later ones to be held against
	@PYTHONPATH=.:protocol $(BIN)/python -m tests.protocol.sessions.recording

dist: setup ## Make the wheel and the source archive in dist/
	@rm -rf dist && $(BIN)/hatchling build -d dist >/dev/null && ls dist/*

kit: setup ## Pack all that a town hall needs into one file for a stick, in dist/
	@PYTHON=$(BIN)/python bash deploy/kit.sh dist

base-image: ## Make a base image from Debian's packages, where no registry can be reached
	@bash deploy/base-image.sh

image: setup ## Build the container image: BASE=moyai-base:bookworm, TAG=moyai:local
	@BASE=$(BASE) PYTHON=$(BIN)/python bash deploy/image.sh . $(TAG)

IMAGE_MB_MAX := 250
image-size: ## Say how large the image is; more than 250 MB is a fault
	@bytes=$$(docker image inspect --format '{{.Size}}' $(TAG)) && echo "$(TAG): $$((bytes / 1000000)) MB, at most $(IMAGE_MB_MAX)" && \
	  [ $$bytes -le $(IMAGE_MB_MAX)000000 ]

clean: ## Remove .venv and caches
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

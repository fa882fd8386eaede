# Everything a person does with Heartwood's source. Needs make and Python 3.11 or newer; fetches the rest by itself.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
NODE_BIN := $(CURDIR)/.venv/node-bin
NPM := cd pwa && PATH="$(NODE_BIN):$$PATH" npm
FLASK := $(BIN)/flask --app wsgi
# Two tests at a time on two cores; files stay whole, since their tests share servers.
PYTEST := $(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

PWA_SOURCES := $(shell find pwa/src pwa/public pwa/tools -type f 2>/dev/null) pwa/index.html pwa/vite.config.ts pwa/package-lock.json
LOCKS := requirements.txt requirements-scale.txt requirements-otel.txt requirements-dev.txt

.PHONY: help run test test-python test-pwa test-e2e gallery gallery-accept screenshots lighthouse check lint types content contract bench load openapi format audit lock clean

help:  ## show what there is
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# --- set-up, each step only when what it depends on changed ------------------------------------------------
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Heartwood needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv

.venv/.run: requirements.txt | $(BIN)/python
	$(PIP) install -r requirements.txt
	@touch $@

.venv/.dev: $(LOCKS) | $(BIN)/python
	$(PIP) install -r requirements.txt -r requirements-scale.txt -r requirements-otel.txt -r requirements-dev.txt
	@touch $@ .venv/.run

.venv/.node: tools/node.py | $(BIN)/python
	$(BIN)/python tools/node.py $(NODE_BIN)
	@touch $@

pwa/node_modules/.installed: pwa/package-lock.json pwa/.npmrc .venv/.node
	$(NPM) ci --no-audit --no-fund
	@touch $@

tests/rxdb/node_modules/.installed: tests/rxdb/package-lock.json tests/rxdb/.npmrc .venv/.node
	cd tests/rxdb && PATH="$(NODE_BIN):$$PATH" npm ci --no-audit --no-fund
	@touch $@

pwa/dist-gallery/.built: $(PWA_SOURCES) $(wildcard pwa/gallery/*) pwa/vite.gallery.config.ts pwa/node_modules/.installed
	$(NPM) run gallery
	@touch $@

pwa/dist/.built: $(PWA_SOURCES) pwa/node_modules/.installed | .venv/.run
	$(NPM) run build
	$(BIN)/python -m whitenoise.compress -q pwa/dist
	@touch $@

.venv/.browser: tools/browser.py | .venv/.dev
	$(BIN)/python tools/browser.py
	@touch $@

# --- the commands ------------------------------------------------------------------------------------------
run: .venv/.run pwa/dist/.built  ## set up everything and serve the app at http://localhost:8000
	@$(FLASK) run-server

test: test-python test-pwa test-e2e  ## set up and run all tests

test-python: .venv/.dev pwa/dist/.built tests/rxdb/node_modules/.installed  ## the server's tests
	$(PYTEST) tests --ignore=tests/e2e

test-pwa: pwa/node_modules/.installed  ## the app's unit tests
	$(NPM) test

test-e2e: .venv/.dev .venv/.browser pwa/dist/.built pwa/dist-gallery/.built  ## the whole thing in a real Chromium and a real Firefox
	$(PYTEST) tests/e2e

check: lint types test content contract  ## lint, types, tests, content and API contract

lint: .venv/.dev pwa/node_modules/.installed  ## ruff, eslint, prettier
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(NPM) run lint

types: .venv/.dev pwa/node_modules/.installed  ## mypy strict, svelte-check
	$(BIN)/mypy
	$(NPM) run check

content: .venv/.run  ## check every text
	$(FLASK) content check

contract: .venv/.run pwa/node_modules/.installed  ## the committed API description and the types made from it are in step
	$(FLASK) openapi check
	$(NPM) run types:check

gallery: pwa/dist-gallery/.built  ## look at every screen and part in fixed states, at http://localhost:4173
	$(NPM) run gallery:show

gallery-accept: .venv/.dev .venv/.browser pwa/dist-gallery/.built  ## take the gallery as it looks now for what the tests expect; NAMES="today-a-year" for some
	$(BIN)/python -m tools.gallery $(NAMES)

screenshots: .venv/.dev .venv/.browser pwa/dist-gallery/.built  ## take the pictures of the README and the install dialogue anew
	$(BIN)/python -m tools.screenshots

tools/lighthouse/node_modules/.installed: tools/lighthouse/package-lock.json .venv/.node
	cd tools/lighthouse && PATH="$(NODE_BIN):$$PATH" npm ci --no-audit --no-fund
	@touch $@

lighthouse: .venv/.dev .venv/.browser pwa/dist/.built tools/lighthouse/node_modules/.installed  ## Lighthouse's mobile scores of the built app; PLACES="/ /read" for some
	@$(BIN)/python -m tools.lighthouse.run $(PLACES)

bench: .venv/.dev  ## measure speed, as ratios
	$(BIN)/python -m bench

load: .venv/.dev  ## 1,000 people open the app at once; MINUTES=10 for a soak
	$(BIN)/python -m bench.load --minutes $(or $(MINUTES),0)

openapi: .venv/.run pwa/node_modules/.installed  ## write docs/openapi.json and the app's types
	$(FLASK) openapi write
	$(NPM) run types

format: .venv/.dev pwa/node_modules/.installed  ## put all code in the house's format
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	$(NPM) run format

audit: .venv/.dev pwa/node_modules/.installed  ## ask the advisory services about every pinned dependency
	$(BIN)/python -m tools.audit

lock: .venv/.dev  ## compile requirements*.in to the pinned requirements*.txt, for every Python from 3.11 on
	for part in requirements requirements-scale requirements-otel requirements-dev; do \
	  UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-emit-find-links -o $$part.txt $$part.in || exit 1; done

clean:  ## remove what was built; the instance folder with its data stays
	rm -rf .venv pwa/node_modules pwa/dist pwa/dist-gallery

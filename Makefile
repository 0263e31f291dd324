# Everything a developer needs, one word each. `make` alone prints this list.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Of `make run`: where the cluster lives, how many monitors, the first port. A cluster that is there already is
# started as it is, so the last two have no default here.
DIR ?= cluster
N ?=
PORT ?=
# Of `make spec`: a model's name, else all models up to a tier: check, everyday (default) or nightly.
MODEL ?=
TIER ?=

export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
TSX := node --import=tsx
SOURCES = $(shell find src -type f)

.PHONY: help install build run check fix bench spec conformance interop clean

help: ## print this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

install: node_modules/.package-lock.json ## install the packages that package-lock.json names

node_modules/.package-lock.json: package-lock.json
	@.ci/require-node
	npm ci
	@.ci/require-rocksdb
	@touch $@

build: dist/.built ## compile src/ to dist/

dist/.built: node_modules/.package-lock.json tsconfig.json build.mjs $(SOURCES)
	node build.mjs
	@touch $@

run: build ## start N monitors on loopback: make run [DIR=cluster] [N=3] [PORT=3300]
	@bin/monclave run --dir "$(DIR)" $(if $(N),--monitors $(N)) $(if $(PORT),--port $(PORT))

check: install ## format, lint, types, dependency rules, all tests, the specification; changes nothing
	@.ci/check

fix: install ## write what formatter and linter can repair
	prettier --write .
	eslint --fix .

bench: build ## measure a quorum of three through librados: make bench [ARGS="--only ours --rows writes --seconds 5"]
	$(TSX) test/bench/main.ts $(ARGS)

spec: install ## check the TLA+ models with TLC: make spec [MODEL=name] [TIER=check]
	$(TSX) spec/run.ts $(if $(TIER),--tier $(TIER)) $(MODEL)

conformance: build ## walk traces of simulated and of real quorums through the specification's states
	$(TSX) conformance/run.ts $(ARGS)

interop: build ## drive our monitors with Ceph's own programs
	mocha --config .mocharc.interop.json

clean: ## remove what was built; clusters stay
	rm -rf dist .cache coverage

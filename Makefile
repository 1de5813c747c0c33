# What a developer types. `go run .` and `go test ./...` need none of it.

GOLANGCI_VERSION  := v2.15.0
VERSITYGW_VERSION := v1.8.0
NATS_VERSION      := v2.12.3
BIN               := $(CURDIR)/bin
POSTGRES          := go run ./internal/testkit/postgres/with

.PHONY: help run test race generate check-generated lint web check-web browser clients examples oracle guide s3 proxies postgres fuzz kill deep bench bench-gateways migration ci

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: ## start the server
	go run .

test: ## the tests that need nothing but Go and gcc
	go test ./...

race: ## the same under the race detector, kill tests with more rounds
	KILL_ROUNDS=$${KILL_ROUNDS:-50} ANSWERS=$${ANSWERS:-50000} go test -race -timeout 30m ./...

generate: ## code from schema/, ent/schema/ and the schemas of the examples
	go generate ./ent ./graph ./examples/...

check-generated: generate ## fails when generated code was not committed
	git diff --exit-code -- ent graph examples
	@test -z "$$(git status --porcelain -- ent graph examples)" || (git status --short -- ent graph examples; exit 1)

$(BIN)/golangci-lint:
	GOBIN=$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)

lint: $(BIN)/golangci-lint ## formatting, vet and linters
	go vet ./...
	$(BIN)/golangci-lint run --build-tags examples,nats,oracle,postgres,proxies,s3 ./...
	$(BIN)/golangci-lint fmt --diff ./...

web/node_modules: web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund
	touch web/node_modules

web: web/node_modules ## the pages into web/dist
	cd web && npm run codegen && npm run typecheck && npm run build

check-web: web ## fails when web/dist or the types of the studio's documents were not committed
	git diff --exit-code -- web/dist web/studio/gql
	@test -z "$$(git status --porcelain -- web/dist web/studio/gql)" || (git status --short -- web/dist web/studio/gql; exit 1)

browser: web/node_modules ## the pages in a real browser (needs Chromium and Node), and what of them runs without one
	cd web && npm run test:unit
	go build -o $(BIN)/sonata .
	BIN=$(BIN)/sonata ./scripts/browser

guide: web/node_modules ## the guides in docs/guides, followed to the letter (needs Chromium, Node and npm's registry)
	go build -o $(BIN)/sonata .
	cd web && BIN=$(BIN)/sonata npm run test:guide

web/clients/node_modules: web/clients/package-lock.json
	cd web/clients && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

clients: web/node_modules web/clients/node_modules ## real GraphQL clients, and the audits of GraphQL over HTTP (needs Node and npm's registry)
	go build -o $(BIN)/sonata .
	cd web/clients && BIN=$(BIN)/sonata npm test

examples/reviews/node_modules/.bin/tsc: examples/reviews/package-lock.json
	cd examples/reviews && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

examples: examples/reviews/node_modules/.bin/tsc ## services in other languages beside a real server (needs Node and npm's registry)
	cd examples/reviews && npm run typecheck && npm test
	go test -tags examples -timeout 3m -count 1 -run ServicesGuideInAnotherLanguage .

internal/supergraph/oracle/node_modules: internal/supergraph/oracle/package-lock.json
	cd internal/supergraph/oracle && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

oracle: internal/supergraph/oracle/node_modules ## composition against two other composers (needs Node and npm's registry)
	go test -tags oracle -count 1 -run Oracle ./internal/supergraph

$(BIN)/versitygw:
	GOBIN=$(BIN) go install github.com/versity/versitygw/cmd/versitygw@$(VERSITYGW_VERSION)

s3: $(BIN)/versitygw ## pictures in a bucket, against a real S3 server
	VERSITYGW=$(BIN)/versitygw go test -tags s3 -count 1 ./internal/asset/s3

proxies: ## nginx and haproxy in front of the server (installed with apt-get when they are missing)
	command -v nginx >/dev/null && command -v haproxy >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light haproxy >/dev/null; }
	go test -tags proxies -timeout 3m -count 1 -run Real .

$(BIN)/nats-server:
	GOBIN=$(BIN) go install github.com/nats-io/nats-server/v2@$(NATS_VERSION)

postgres: $(BIN)/nats-server ## the same on PostgreSQL, and several processes on one (PostgreSQL and PgBouncer are installed with apt-get when they are missing)
	command -v pgbouncer >/dev/null && { command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; } || { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql pgbouncer >/dev/null; }
	KILL_ROUNDS=$${KILL_ROUNDS:-10} $(POSTGRES) go test -timeout 20m -count 1 . $(addprefix ./internal/,asset delivery killtest presence release screen store usage)
	$(POSTGRES) go test -tags postgres -timeout 20m -count 1 -run "$$(grep -l '^//go:build postgres' internal/a*/*_test.go | xargs grep -ho '^func Test[A-Za-z0-9]*' | sed 's/func //' | paste -sd '|')" ./internal/access ./internal/app
	NATS_SERVER=$(BIN)/nats-server go test -tags nats -count 1 ./internal/event/nats
	NATS_SERVER=$(BIN)/nats-server go test -tags postgres -timeout 20m -count 1 ./internal/processestest

fuzz: ## every fuzz target for FUZZTIME (default 15s)
	./scripts/fuzz $${FUZZTIME:-15s}

deep: $(BIN)/nats-server ## the long versions: see bench/README.md for recorded runs
	KILL_ROUNDS=200 go test -timeout 60m -count 1 -v ./internal/killtest
	ANSWERS=1000000 go test -timeout 60m -count 1 -run KeptAnswers -v ./internal/app
	LOAD_RPS=200 LOAD_STREAMS=500 LOAD_SWAPS=100 LOAD_ROUNDS=3 go test -timeout 30m -count 1 -run TestUnderLoad -v ./internal/app
	LOAD_RPS=200 LOAD_STREAMS=500 go test -timeout 30m -count 1 -run TestInstancesUnderLoad -v ./internal/app
	STALLED=5000 PUBLISHES=1000 CUT=10000 go test -timeout 60m -count 1 -run 'StopReading|CutAtOnce' -v ./internal/app
	COMPARE_ROUNDS=15000 go test -timeout 60m -count 1 -run CompareLaw -v ./internal/component
	go test ./internal/access -run '^$$' -bench SignInTells -benchtime 10000x -timeout 120m
	go test ./bench -run '^$$' -bench SignInFlood -benchtime 10x -timeout 30m
	go test ./bench -run '^$$' -bench SlowClients -benchtime 3x -timeout 60m
	$(POSTGRES) -pooler go test -timeout 30m -count 1 -run TestScripts .
	$(POSTGRES) env KILL_ROUNDS=200 go test -timeout 60m -count 1 -run TestProcess/killed -v ./internal/killtest
	NATS_SERVER=$(BIN)/nats-server PROCESS_PAUSE=60s PROCESS_EDITS=50 go test -tags postgres -timeout 60m -count 1 -v ./internal/processestest
	./scripts/fuzz $${FUZZTIME:-5m}

bench: ## figures; bench/README.md says what they mean
	go test ./bench -run '^$$' -bench . -benchtime 3s -timeout 30m

bench/hive/node_modules: bench/hive/package-lock.json
	cd bench/hive && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

bench-gateways: bench/hive/node_modules ## a join of three services, by hand and through another gateway (needs npm's registry, and Linux on x64)
	go test ./bench -run '^$$' -bench Gateways -benchtime 4000x -timeout 30m

migration: ## the next migration out of ent/schema: make migration name=add_x
	$(POSTGRES) go run ./ent/migrate/diff $(name)

ci: ## everything that CI runs
	.ci/run

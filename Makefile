# The two commands are `make run` and `make test`. Both first set up what is missing on a Debian machine with Rust, gcc
# and Node 20, as root or with sudo.

.DEFAULT_GOAL := help
.PHONY: help run test check bench setup

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "SANBIAN_LISTEN (127.0.0.1:8080), SANBIAN_DATA (data) and DATABASE_URL (a private PostgreSQL) change the defaults."

run: ## set up, build, and serve a demonstration county on http://127.0.0.1:8080
	@exec scripts/run

test: ## set up, then run every test and check; the last line has the totals
	@scripts/setup --tests
	@exec scripts/test

check: ## the quick checks: format, clippy, licences, types of the pages
	@scripts/setup --tests
	@exec scripts/test format clippy licences web-check

bench: ## every benchmark beside its baseline, into target/bench/results.json
	@scripts/setup
	@exec scripts/bench

setup: ## install what is missing, also for the tests
	@exec scripts/setup --tests

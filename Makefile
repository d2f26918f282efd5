# The few verbs of the house; each is a thin call of something that also works by itself.
.DEFAULT_GOAL := help
.PHONY: help setup build test test-slow check format demo serve bench soak clean

# Real clients live in the project's own virtual environment when the system has none.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what building needs
	@scripts/setup

build: setup ## build the programs: .build/release/headwaterd and .build/release/headwater
	@swift build -c release

test: ## install the real clients, build all, run every test
	@scripts/setup tests
	@swift build --build-tests
	@scripts/with-libvirt swift test --skip-build --experimental-maximum-parallelization-width 24

test-slow: ## run every test, those too that take too long for each change
	@scripts/setup tests slow
	@swift build --build-tests
	@HEADWATER_SLOW=1 scripts/with-libvirt swift test --skip-build --experimental-maximum-parallelization-width 24

check: ## format, shell, imports: say what is wrong, change nothing
	@scripts/setup check
	@scripts/check

format: ## put the Swift sources in order
	@swift format --in-place --parallel --configuration .swift-format --recursive Package.swift Sources Tests

demo: build ## show the whole story on fixtures/faculty, and end
	@scripts/demo

serve: build ## run the service in the foreground, state in .state
	@exec .build/release/headwaterd serve --state .state

bench: build ## measure everything against something measured beside it; QUICK=1 takes two minutes
	@scripts/setup bench
	@scripts/bench --json .state/bench.json --svg .state/bench.svg

soak: build ## read and write for ten minutes: no error, and memory that does not grow
	@scripts/setup bench
	@scripts/soak

clean: ## delete what was built and the demo's state; .venv and .state/ stay
	@swift package clean
	@rm -rf .state/demo

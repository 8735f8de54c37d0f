# Two commands: `make run` and `make test`. Both install what is missing (Debian packages, by name) and build.
.DEFAULT_GOAL := help
.PHONY: help run test test-tsan unit exercise bench bench-long bench-packages storm crash soak fault fuzz release dev tsan packages clean

JOBS ?= $(shell nproc)
# Unit tests wait a good deal: for deadlines of a few hundred milliseconds, for processes they start.
UNIT_JOBS ?= $(shell expr 2 \* $(JOBS))
build = @mkdir -p build; \
  [ -f build/$(1)/build.ninja ] || cmake --preset $(1) >build/$(1).configure.log 2>&1 || { cat build/$(1).configure.log; exit 1; }; \
  cmake --build build/$(1) --parallel $(JOBS) $(if $(2),--target $(2))

help:
	@echo "make run        install what is missing, build, start Deskbridge with a simulated WhatsApp and a phone page"
	@echo "make test       everything that must hold: release, then address and undefined-behaviour sanitizers"
	@echo "make test-tsan  unit and integration tests under the thread sanitizer"
	@echo "make unit       unit tests alone (release)"
	@echo "make exercise   a channel more, by the steps of docs/adding-a-channel.md, in a copy of the tree: with the tests of channels"
	@echo "make bench      webhooks per second, latency and cost, beside what the machine can do and beside Fastify; ten minutes, fills docs/benchmarks.md"
	@echo "make bench-long the same and acknowledgements, the outbox, memory, growth, start, questions under load, the binary: an hour (MESSAGES=1000000 in the large database)"
	@echo "make storm      20,000 events with duplicates and disorder against the real process"
	@echo "make crash      10,000 rounds of a mixed load, kill -9, restart (ROUNDS=)"
	@echo "make soak       a steady load for HOURS=72 (0.05: three minutes) with a kill -9 every hour; judges memory, descriptors and the store"
	@echo "make fault      every long fault run at its full size; takes days. PERCENT=1: a hundredth of that; RUNS=\"power_cuts io_faults_birth\": only these; SEED=1"
	@echo "make fuzz       libFuzzer (Clang 16) on every parser, SECONDS=600 for each (TARGETS=\"json url\": only these)"
	@echo "make clean      remove build/ (the state of make run is in run/)"

packages:
	@sh deploy/install-packages.sh

release dev tsan: packages
	$(call build,$@)

run: packages
	$(call build,release,deskbridge)
	@exec bash deploy/run.sh build/release/bin/deskbridge

unit: release
	ctest --test-dir build/release -L unit -j $(UNIT_JOBS) --output-on-failure

exercise: packages
	bash tests/channels/exercise.sh . build/exercise whole

test: release dev
	ctest --test-dir build/release -j $(JOBS) --output-on-failure
	ASAN_OPTIONS=handle_sigill=1 ctest --test-dir build/dev -j $(JOBS) -L 'unit|integration' --output-on-failure

test-tsan: tsan
	ctest --test-dir build/tsan -j $(JOBS) -L 'unit|integration' --output-on-failure

# The databases lie in build/: /tmp may be memory. Without npm and Node the bench says what is missing.
measure = @if sh tests/bench/peer/install.sh build/bench_peer; then peer="--peer build/bench_peer"; elif [ $$? != 77 ]; then exit 1; fi; \
  TMPDIR=$(CURDIR)/build build/release/bin/bench --deskbridge build/release/bin/deskbridge $$peer --json build/bench.json \
  --budget tests/bench/budget.json --page docs/benchmarks.md --commit $$(git describe --always --dirty) $(1)

# Without its headers valgrind is not known to the build: then it is configured anew.
bench-packages:
	@sh deploy/install-packages.sh valgrind
	@[ ! -f build/release/build.ninja ] || grep -q webhook_cost build/release/build.ninja || rm build/release/build.ninja

bench: bench-packages release
	$(call measure)

MESSAGES ?= 1000000
bench-long: bench-packages release
	$(call measure,--long 1 --messages $(MESSAGES))

storm: release
	build/release/bin/storm --deskbridge build/release/bin/deskbridge

ROUNDS ?= 10000
crash: release
	build/release/bin/crash_rounds --deskbridge build/release/bin/deskbridge --rounds $(ROUNDS) --seed $(SEED)

HOURS ?= 72
RATE ?= 30
soak: release
	build/release/bin/soak --deskbridge build/release/bin/deskbridge --hours $(HOURS) --rate $(RATE)

PERCENT ?= 100
SEED ?= 1
fault: release
	bash tests/fault/campaign.sh build/release $(PERCENT) $(SEED) $(RUNS)

SECONDS ?= 600
fuzz:
	@sh deploy/install-packages.sh clang-16 libclang-rt-16-dev
	$(call build,fuzz,fuzzers fuzz_replay)
	bash tests/fuzz/run.sh build/fuzz $(SECONDS) $(TARGETS)

clean:
	rm -rf build

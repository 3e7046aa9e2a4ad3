# Everything a person types. `make run` and `make test` set up what they need by themselves, the first time.

PYTHON ?=
ARGS ?=
DIR ?= build/pictures
SEEDS ?= 2000
FROM ?= 0
JOBS ?= 2
export PYTHON
BIN := .venv/bin
LOCK := pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --no-emit-index-url \
	--custom-compile-command "make lock" pyproject.toml --extra build

.PHONY: help run test check bench simulate workshop pictures lock setup-run setup-test

help:
	@echo "make run        the terminal on a demo garage with a simulated car (ARGS=\"--port 9000\" and the like)"
	@echo "make test       the whole suite, off-screen (ARGS=\"tests/core -k words\" and the like)"
	@echo "make check      ruff, mypy, the import contracts"
	@echo "make bench      the measurements, as ratios in one run"
	@echo "make simulate   whole workshops with every fault there is (SEEDS=100000 FROM=0 JOBS=2)"
	@echo "make workshop   twenty real terminals that were apart come together (ARGS=--storm 10: cut off, killed, copied)"
	@echo "make pictures   every screen as PNG into DIR (build/pictures)"
	@echo "make lock       requirements*.lock anew (ARGS=--upgrade: newest versions); needs the network"

run: setup-run
	@exec $(BIN)/bayline demo $(ARGS)

test: setup-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 $(ARGS)

check: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench $(ARGS)

simulate: setup-test
	$(BIN)/python -m tests.simulation --seeds $(SEEDS) --from $(FROM) --jobs $(JOBS) $(ARGS)

workshop: setup-test
	$(BIN)/python -m tests.end_to_end.workshop $(ARGS)

pictures: setup-run
	$(BIN)/bayline pictures $(DIR) $(ARGS)

lock: setup-test
	@command -v uv >/dev/null || $(BIN)/python -m pip install --quiet uv
	PATH="$$PATH:$(CURDIR)/$(BIN)" uv $(LOCK) --output-file requirements.lock $(ARGS)
	PATH="$$PATH:$(CURDIR)/$(BIN)" uv $(LOCK) --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock $(ARGS)

setup-run:
	@sh installer/setup.sh run

setup-test:
	@sh installer/setup.sh test

# Everything a fresh machine needs is Python 3.11 or later, make, and a network for the first run.
#   make demo    scan drawn sample photos and show the report
#   make test    style, types, tests

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS := .venv-extras
DOCS := .venv-docs
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test test-thorough coverage lint site wheel test-wheel test-extras models lock image clean

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: models ## Draw sample photos, scan them, show the report
	$(BIN)/python -m fixtures.draw demo/photos
	@# Exit 1 says that something was found, and something will be.
	$(BIN)/photoscan scan demo/photos -o - -o demo/report.html || test $$? -eq 1
	@echo "The same report as a file: demo/report.html"

test: models lint ## Style, types and tests
	@# Two at a time, each file by one: what a file's tests share is made once. Long ones first.
	@# Programs that tests start are compiled once, not each time.
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-thorough: models ## All that make test takes a sample of, ten times as many examples of each property, and nothing remembered
	PYTHONDONTWRITEBYTECODE= PHOTOSCAN_TESTS=thorough $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

coverage: $(VENV)/.ready ## What the tests of the room textual reach of it; less than the floor in pyproject.toml fails
	$(BIN)/python -m coverage run -m pytest --quiet tests/textual
	$(BIN)/python -m coverage report

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@# Of the tests only names and attributes, so that a renamed one is told.
	$(BIN)/mypy --config-file tests/mypy.ini

models: $(VENV)/.ready ## Install the models a scan needs (again only when something is missing)
	$(BIN)/photoscan models install

site: $(DOCS)/.ready ## Build the documentation site in build/site (without a network, and without warnings)
	$(DOCS)/bin/python -m docsite docs
	@# -W: a link to nowhere or a docstring that can't be rendered fails the build.
	$(DOCS)/bin/python -m sphinx --quiet -W --keep-going -b html -c docs -d build/site-state . build/site
	@echo "The site: build/site/index.html"

wheel: models ## Build a wheel that carries the prepared models and their licences
	rm -rf dist
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

test-wheel: wheel ## Install that wheel in an empty environment and scan a photo without a network
	scripts/test_wheel.sh $(PYTHON) $(BIN)/python dist/*.whl

test-extras: $(EXTRAS)/.ready ## Test the extras people, easyocr, parquet, openvino, stores and ray, and the sink for PostgreSQL (large)
	$(EXTRAS)/bin/photoscan models install
	$(EXTRAS)/bin/photoscan models install people
	$(EXTRAS)/bin/photoscan models install easyocr
	$(EXTRAS)/bin/python -m pytest tests/extras/check_*.py

image: ## Build the container image
	docker build --tag photoscan .

# Versions are pinned with hashes, for every platform and Python. Needs uv; UV_FIND_LINKS or UV_INDEX as above.
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make lock"
lock: ## Renew the lock files from pyproject.toml
	$(UV_COMPILE) --upgrade --extra workshop --extra dev pyproject.toml --output-file requirements/lock.txt
	$(UV_COMPILE) --extra service pyproject.toml --constraint requirements/lock.txt \
		--output-file requirements/runtime.txt
	$(UV_COMPILE) requirements/build.in --constraint requirements/lock.txt --output-file requirements/build.txt
	$(UV_COMPILE) requirements/docs.in --constraint requirements/lock.txt --output-file requirements/docs.txt
	$(UV_COMPILE) --no-universal --python-platform x86_64-manylinux_2_28 --extra people --extra easyocr --extra parquet \
		--extra openvino --extra ray pyproject.toml requirements/extras.in --constraint requirements/lock.txt \
		--output-file requirements/extras.txt
	$(UV_COMPILE) --no-universal --python-platform x86_64-manylinux_2_28 requirements/stores.in \
		--constraint requirements/lock.txt --constraint requirements/extras.txt --output-file requirements/stores.txt

clean: ## Remove what was made, except the models
	rm -rf $(VENV) $(EXTRAS) $(DOCS) build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The environments appear whole or not at all: the mark comes last, and a changed lock builds them anew.
$(VENV)/.ready: requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "photoscan needs Python 3.11 or later; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/lock.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The site is rendered apart from what photoscan needs: its pages load no models and no library of pictures.
$(DOCS)/.ready: requirements/docs.txt
	$(PYTHON) -m venv --clear $(DOCS)
	$(DOCS)/bin/python -m pip install --quiet --require-hashes --requirement requirements/docs.txt
	@touch $@

# Locked for Python 3.11 on x86-64 Linux. PyTorch's processor-only builds are not on the usual package index: pip must
# be told where they are (PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS).
$(EXTRAS)/.ready: requirements/lock.txt requirements/extras.txt requirements/stores.txt requirements/face-recognition.txt \
		pyproject.toml
	$(PYTHON) -m venv --clear $(EXTRAS)
	$(EXTRAS)/bin/python -m pip install --quiet --require-hashes --requirement requirements/lock.txt
	$(EXTRAS)/bin/python -m pip install --quiet --require-hashes --requirement requirements/extras.txt
	$(EXTRAS)/bin/python -m pip install --quiet --require-hashes --requirement requirements/stores.txt
	@# face-recognition asks for dlib's source, which takes a compiler: dlib-bin is already there.
	$(EXTRAS)/bin/python -m pip install --quiet --no-deps --require-hashes --requirement requirements/face-recognition.txt
	$(EXTRAS)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

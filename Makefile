# Each target makes the environment first, if requirements.txt changed since.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-backends notebooks book lint lock clean

demo: .venv/.installed
	$(BIN)/course-kit demo

test: .venv/.installed
	$(BIN)/python -m pytest -n 2

# What every cell and layer promises on each backend, with parameter counts and weight converters; JAX and PyTorch live
# in an environment without TensorFlow.
BACKEND_TESTS := tests/backends tests/cells/convert
test-backends: .venv/.installed .venv-backends/.installed
	KERAS_BACKEND=tensorflow $(BIN)/python -m pytest -n 2 $(BACKEND_TESTS)
	KERAS_BACKEND=jax .venv-backends/bin/python -m pytest -n 2 $(BACKEND_TESTS)
	KERAS_BACKEND=torch .venv-backends/bin/python -m pytest -n 2 $(BACKEND_TESTS)

.venv-backends/.installed: requirements-backends.txt
	$(PYTHON) -m venv .venv-backends
	.venv-backends/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-backends.txt
	touch $@

notebooks: .venv/.installed
	$(BIN)/course-kit notebooks run

# The solved notebooks as pages for a browser, in build/book.
book: .venv/.installed
	$(BIN)/course-kit notebooks book

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Pins every package for every platform that the kit serves; needs the network.
lock: .venv/.installed
	$(BIN)/uv pip compile --universal --python-version 3.11 --no-header --no-annotate --extra dev pyproject.toml -o requirements.txt
	echo "-e ." >> requirements.txt

.venv/.installed: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; make PYTHON=python3.12 ... names another")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

clean:
	rm -rf build .pytest_cache .ruff_cache

# `make book` builds the book, `make test` proves it. Each target sets up .venv itself and does nothing twice.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
NAME := $(shell sed -n 's/^slug = "\(.*\)"$$/\1/p' book.toml)
SOURCES := $(shell find book data src book.toml _config.yml -type f -not -name '*.pyc' -not -path '*/__pycache__*' -not -path '*.egg-info*' 2>/dev/null | sed 's/ /\\ /g')

.PHONY: book test offline pdf epub slides rerun serve live lab wheel bench mutate audit lock fonts
.DEFAULT_GOAL := book

book: _build/fresh _build/html/index.html
	@echo "The book is in _build/html/index.html"

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Re-runs the notebooks that are stale, and makes the students' exercises from the teacher's.
_build/fresh: $(VENV)/ready $(SOURCES)
	$(RUN) -m helpers rerun
	@mkdir -p _build && touch $@

# Builds from the stored outputs, whatever they are: the tests judge them.
_build/html/index.html: $(VENV)/ready $(SOURCES) $(wildcard _build/live/pyodide-lock.json)
	$(RUN) -m helpers build
	@touch $@

# The book as one file: a zip of the site for a room without a network, a print edition, an e-book.
offline pdf epub: _build/fresh
offline: _build/offline/$(NAME).zip
pdf: _build/pdf/$(NAME).pdf
epub: _build/epub/$(NAME).epub

_build/offline/$(NAME).zip: _build/html/index.html
	$(RUN) -m helpers offline

_build/pdf/$(NAME).pdf _build/epub/$(NAME).epub: $(VENV)/ready $(SOURCES)
	$(RUN) -m helpers $(subst .,,$(suffix $@))

# Slides for a room, from the site's pages, in _build/slides/index.html.
slides: _build/fresh _build/slides/index.html

_build/slides/index.html: _build/html/index.html
	$(RUN) -m helpers slides

rerun: $(VENV)/ready
	$(RUN) -m helpers rerun --all

test: $(VENV)/ready
	$(RUN) -m ruff check src tests tools
	$(RUN) -m ruff format --check src tests tools
	$(RUN) -m mypy
	$(RUN) -m pytest --nbval --nbval-current-env --numprocesses 2 --dist loadfile book
	@$(MAKE) --no-print-directory _build/html/index.html
	$(RUN) -m pytest --numprocesses 2 --dist load --doctest-modules src/helpers tests

# On http://127.0.0.1:8000, built again whenever a source is saved.
serve: book
	@$(RUN) -m http.server 8000 --bind 127.0.0.1 --directory _build/html & trap "kill $$!" EXIT; \
	$(VENV)/bin/watchfiles "$(MAKE) --no-print-directory book" book data src book.toml _config.yml

# Gathers the Python that pages run, 25 MB: the next `make book` puts it into the site, which else points to a public network.
live: $(VENV)/ready
	$(RUN) -m helpers live

# The notebooks in JupyterLab, with figures alive.
lab: $(VENV)/ready
	PYTHONSTARTUP=$(CURDIR)/binder/startup.py $(VENV)/bin/jupyter lab --FileContentsManager.pre_save_hook=helpers.live.lab.strip book

# `import helpers` for a notebook of one's own: pip install _build/wheel/*.whl
wheel: $(VENV)/ready
	$(RUN) -m helpers wheel

bench: book
	$(RUN) tools/bench.py
	$(RUN) tools/bench_builds.py

# Changes one thing at a time on a copy and counts what the tests notice; about half an hour.
mutate: book
	$(RUN) tools/mutate.py

# Asks a public advisory service about every pin, from an environment of its own; needs the network.
audit:
	@$(PYTHON) -m venv --clear _build/audit
	@{ _build/audit/bin/pip install --quiet --disable-pip-version-check pip-audit && \
	_build/audit/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip --vulnerability-service osv --progress-spinner off; } \
	>_build/audit/found 2>_build/audit/log && echo "no pin has a known vulnerability" || { cat _build/audit/found; \
	test -s _build/audit/found || echo "audit: no answer from the package index or the advisory service; _build/audit/log says why" >&2; exit 1; }

# Makes the pages' fonts again when a text has a letter that they lack, in an environment of its own; needs npm and the network.
fonts:
	$(PYTHON) -m venv --clear _build/fonts
	_build/fonts/bin/pip install --quiet --disable-pip-version-check fonttools==4.68.0 brotli==1.2.1
	_build/fonts/bin/python tools/fonts.py

# Renews every pin; needs uv.
lock:
	uv pip compile --quiet --upgrade --generate-hashes --universal --no-header --no-emit-index-url --all-extras pyproject.toml --output-file requirements.lock

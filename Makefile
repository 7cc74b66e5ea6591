# `make COMMAND` is `python src/helpers COMMAND`, which sets up .venv for what the command needs and does
# nothing twice. `make help` lists the commands; ARGS follow one: `make page PAGE=chapters/08-spending`,
# `make rerun ARGS=--all`.
PYTHON ?= python3
COMMANDS := book build serve rerun quick test check offline pdf epub slides sheet seminar site release live \
	wheel lab bench mutate audit links vintages lock fonts package setup

.PHONY: help page $(COMMANDS)
.DEFAULT_GOAL := book
.NOTPARALLEL: # commands follow each other: one makes what the next one takes

$(COMMANDS):
	@$(PYTHON) src/helpers $@ $(ARGS)

page:
	@$(PYTHON) src/helpers page $(PAGE)

help:
	@$(PYTHON) src/helpers --help

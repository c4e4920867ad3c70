# `make demo` and `make test` set up what they need by themselves; Python 3.11 or newer is all that must be there.
PYTHON ?= python3
VIEW ?= classic
BIN := .venv/bin

.PHONY: help constraints demo test lint check bench golden golden-schema docs kills mutants trial-volume score-dates \
        score-datelines score-stories score-releases trial-stories trial-orders clean trial-newcomer trial-scale trial-cluster trial-harvest trial-province trial-hostile trial-desk trial-year trial-completeness trial-wordpress trial-static trial-operator trial-releases score-requests score-bodies

help:
	@echo "make demo    crawl the demo portal from this machine into output/demo/"
	@echo "make test    run all tests (set up first when needed)"
	@echo "make check   ruff, mypy --strict and the tests"
	@echo "make constraints  write constraints.txt anew: the newest releases that pyproject.toml allows"
	@echo "make bench   pages/s, CPU and memory of the full crawl against a fetch-only Scrapy spider, in one run"
	@echo "make golden  read golden pages again and write what was read (CASE=wordpress/newkarma)"
	@echo "make golden-schema   write the archive's schema to tests/golden/schema.sql"
	@echo "make docs    write what docs/ repeats of the code: exit codes, settings, tables and views"
	@echo "make kills   kill crawls at random moments and compare the archives (KILLS=25)"
	@echo "make mutants break the rooms that carry the promises and see which tests notice (MUTANTS=dates SAMPLE=80 SEED=1)"
	@echo "make trial-completeness   30 simulated days of publishing, editing and removing under killed crawls (DAYS=30)"
	@echo "make trial-wordpress      crawl a stock WordPress of this machine in 19 set-ups; says what to install (15 minutes)"
	@echo "make trial-static         add and crawl what this machine's hugo, jekyll and pelican build, and a wiki; says what to install"
	@echo "make trial-operator       edits, removals, moves, other permalinks, outages of that WordPress, crawled after each"
	@echo "make trial-releases       a desk and four portals of hugo, 40 releases by both doors, killed while they are added"
	@echo "make score-requests       requests and bytes an article for each kind of listing (COUNT=500)"
	@echo "make trial-newcomer  README's recipes word for word in an empty home: a fresh clone, and a wheel (6 minutes, network)"
	@echo "make trial-harvest   harvest 40 demo portals: CPU, memory, wall time, kill -9 in the middle"
	@echo "make trial-cluster   two workers and a head on loopback under 30 kills, frozen, begun again; CPU and bytes (30 minutes)"
	@echo "make trial-province  bring up 500 hosts of ten makes, 60 of them bad, from one file, killed twice; then harvest (9 minutes)"
	@echo "make trial-hostile   20 good portals with a hostile one of each kind among them: do the good ones take longer?"
	@echo "make trial-desk      a press desk's week on six demo portals: releases, harvests, alerts by mail, pictures (4 minutes)"
	@echo "make trial-volume    false alarms of the count of articles in 900 portal-years, and how soon a decline is named"
	@echo "make trial-year      a simulated year of 40 portals with faults: what is noticed, when, false alarms"
	@echo "make score-dates FILE=dates.tsv            how well printed dates are read"
	@echo "make score-datelines FILE=datelines.tsv    how well datelines and event days are read"
	@echo "make score-bodies GOLD=ground-truth.json HTML=folder    how well bodies are read, and how fast"
	@echo "make score-stories FILE=stories.jsonl      how well copies are found, in four orders"
	@echo "make score-releases FILE=stories.jsonl     how well carriers of releases are found, under letterheads"
	@echo "make trial-stories SIZES='100000 1000000'  what finding copies costs a large archive (20 minutes)"
	@echo "make trial-scale SIZES='10000 100000 1000000'  what crawls, views, searches, pages, report and doctor cost (15 minutes, 10 GB)"
	@echo "make trial-orders                          1,000 articles in 10 orders and from two processes: the same stories"

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("kwri-crawler needs Python 3.11 or newer; try: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up .venv: about 120 libraries, two minutes or so; only now and after an upgrade."
	@$(PYTHON) tests/installing.py --venv .venv
	@$(PYTHON) tests/installing.py $(BIN)/python --upgrade --constraint constraints.txt pip  # 23.2 stumbles over lxml's extra
	@$(PYTHON) tests/installing.py $(BIN)/python --constraint constraints.txt --editable '.[dev]'
	@touch .venv/ready

# The newest of everything that pyproject.toml allows, tried by `make check` before it is committed. soupsieve 3 and later
# need Python 3.11.5, and Debian 12 has 3.11.2.
constraints:
	$(PYTHON) -m venv --clear build/constraints
	build/constraints/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	build/constraints/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' 'soupsieve<3'
	echo "# What make installs: next year's install is this one. Written by \`make constraints\`; do not edit." > constraints.txt
	build/constraints/bin/python -m pip freeze --all --exclude kwri-crawler >> constraints.txt

demo: .venv/ready
	@$(BIN)/python -m tests.sites.crawl_demo --view $(VIEW)

test: .venv/ready
	@echo "Running all tests: about seven and a half minutes on two cores. The last line says which parts were not tested on this machine."
	@$(BIN)/python -m pytest -n auto --dist loadfile

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test

bench: .venv/ready
	$(BIN)/python -m tests.bench.run $(BENCH)

golden: .venv/ready
	@$(BIN)/python -m tests.golden_cases $(CASE)

golden-schema: .venv/ready
	@$(BIN)/python -m tests.golden_schema

docs: .venv/ready
	@$(BIN)/python -m tests.generated_docs

KILLS ?= 25
kills: .venv/ready
	$(BIN)/python -m tests.trials.kills --kills $(KILLS)

MUTANTS ?=
SAMPLE ?= 80
SEED ?= 1
mutants: .venv/ready
	@$(BIN)/python -m tests.mutants $(MUTANTS) --sample $(SAMPLE) --seed $(SEED)

DAYS ?= 30
trial-completeness: .venv/ready
	$(BIN)/python -m tests.trials.completeness --days $(DAYS) $(TRIAL)

trial-wordpress: .venv/ready
	$(BIN)/python -m tests.trials.stock_wordpress $(TRIAL)

trial-operator: .venv/ready
	$(BIN)/python -m tests.trials.operator

trial-static: .venv/ready
	$(BIN)/python -m tests.trials.static_sites $(TRIAL)

trial-releases: .venv/ready
	$(BIN)/python -m tests.trials.desk_releases

COUNT ?= 500
score-requests: .venv/ready
	@$(BIN)/python -m tests.score_requests $(COUNT)

score-bodies: .venv/ready
	@$(BIN)/python tests/score_bodies.py $(GOLD) $(HTML)
trial-harvest: .venv/ready
	$(BIN)/python -m tests.trials.harvest $(TRIAL)

trial-cluster: .venv/ready
	$(BIN)/python -m tests.trials.cluster $(TRIAL)

trial-newcomer:
	tests/trials/newcomer.sh

trial-province: .venv/ready
	$(BIN)/python -m tests.trials.province $(TRIAL)

trial-desk: .venv/ready
	$(BIN)/python -m tests.trials.desk_week $(TRIAL)

trial-hostile: .venv/ready
	$(BIN)/python -m tests.trials.hostile $(TRIAL)

trial-year: .venv/ready
	$(BIN)/python -m tests.trials.year $(TRIAL)

trial-volume: .venv/ready
	$(BIN)/python -m tests.trials.volume $(TRIAL)

score-dates: .venv/ready
	@$(BIN)/python tests/score_dates.py $(FILE)

score-datelines: .venv/ready
	@$(BIN)/python tests/score_datelines.py $(FILE)

score-stories: .venv/ready
	@$(BIN)/python tests/score_stories.py $(FILE)

score-releases: .venv/ready
	@$(BIN)/python tests/score_releases.py $(FILE)

trial-stories: SIZES ?= 100000 1000000
trial-stories: .venv/ready
	$(BIN)/python -m tests.trials.stories_scale --sizes $(SIZES)

trial-scale: SIZES ?= 10000 100000 1000000
trial-scale: .venv/ready
	$(BIN)/python -m tests.trials.scale --sizes $(SIZES) $(TRIAL)

trial-orders: .venv/ready
	$(BIN)/python -m tests.trials.stories_orders

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info

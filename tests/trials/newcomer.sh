#!/usr/bin/env bash
# `make trial-newcomer`: README's recipes word for word, in an empty home and a fresh clone, then from a wheel.
# Fails on a wrong exit code, a traceback, a WARNING or DEBUG line, or 3 s without a sign (longer
# where others use the machine too). Needs the network for pip.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset KWRI_HOME PYTHONPATH VIRTUAL_ENV SCRAPY_SETTINGS_MODULE
export HOME="$work/home" LOGNAME=press USER=press TERM=xterm
mkdir "$HOME"
git clone -q "$here" "$work/kwri"
cd "$work/kwri"
# -P: trials/ has a module called operator, as the library has
echo "== a fresh clone"
bad=0
python3 -P tests/trials/newcomer.py clone || bad=1
echo "== a wheel"
.venv/bin/python -m pip -q wheel --no-deps --disable-pip-version-check --wheel-dir "$work/dist" .
python3 -m venv "$work/press"
python3 tests/installing.py "$work/press/bin/python" --upgrade --constraint constraints.txt pip
python3 tests/installing.py "$work/press/bin/python" --constraint constraints.txt "$(echo "$work"/dist/*.whl)[desk]" sqlite-utils
mkdir "$work/empty" && cd "$work/empty"
PATH="$work/press/bin:$PATH" python3 -P "$work/kwri/tests/trials/newcomer.py" wheel || bad=1
exit $bad

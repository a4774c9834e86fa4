#!/bin/sh
# Create the virtual environment $1 and install the pinned requirements of file $2.
# Says in one line what the machine lacks.
set -eu

venv=$1
python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null 2>&1; then
    echo "setup: $python is not installed; on Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "setup: Python 3.11 or newer is needed; $python is $("$python" -V 2>&1)" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "setup: $python cannot make virtual environments; on Debian: apt-get install python3-venv" >&2
    exit 1
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
echo "setup: installing the pinned packages into $venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement "$2" --constraint constraints.txt

#!/usr/bin/env bash
# Makes the virtual environment named by the first argument with the newest suitable Python on this machine.
set -euo pipefail
for python in python3 python3.14 python3.13 python3.12 python3.11; do
    command -v "$python" >/dev/null || continue
    "$python" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null || continue
    "$python" -m venv "$1" && exit 0
    rm -rf "$1"
    echo "$python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2
    exit 1
done
echo "Partnerdesk needs Python 3.11 or newer; none was found." >&2
exit 1

#!/usr/bin/env bash
# Leaves poppler's tools (pdfsig, pdftotext, pdftoppm) for the tests of signed PDFs: the system's, else Debian's package.
set -euo pipefail

tools() { command -v pdfsig pdftotext pdftoppm pdfdetach >/dev/null; }

debian_package() {
    command -v apt-get >/dev/null || return 1
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
        as_root=(sudo -n)
    fi
    echo "Installing poppler-utils with apt-get"
    "${as_root[@]}" apt-get update -qq </dev/null >/dev/null || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends poppler-utils </dev/null >/dev/null 2>&1 && tools
}

tools || debian_package || {
    echo "Install poppler's tools (pdfsig, pdftotext, pdftoppm, pdfdetach): the tests of signed PDFs need them." >&2
    exit 1
}

#!/usr/bin/env bash
# Leaves a Chromium for the browser tests: the system's, else Debian's package, else Playwright's own build.
set -euo pipefail

system_chromium() { command -v chromium chromium-browser google-chrome >/dev/null; }

playwright_chromium() {
    python - <<'PYTHON'
from pathlib import Path
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    raise SystemExit(not Path(playwright.chromium.executable_path).exists())
PYTHON
}

debian_package() {
    command -v apt-get >/dev/null || return 1
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
        as_root=(sudo -n)
    fi
    echo "Installing Chromium with apt-get"
    "${as_root[@]}" apt-get update -qq </dev/null >/dev/null || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium </dev/null >/dev/null 2>&1 && system_chromium
}

system_chromium || playwright_chromium || debian_package || {
    echo "Installing Chromium with Playwright"
    python -m playwright install chromium </dev/null
}

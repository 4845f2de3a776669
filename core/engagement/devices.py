"""What a user agent says about who reads: a device in people's words, and whether it is a machine. Pure."""

import re

from ua_parser import parse

_MACHINES = re.compile(
    r"bot\b|crawler|spider|scanner|preview|proofpoint|mimecast|barracuda|safelinks|trendmicro|symantec|sophos|fortinet"
    r"|zscaler|cloudmark|urldefense|googleimageproxy|yahoomailproxy|facebookexternalhit|whatsapp/|skypeuri|slack-img"
    r"|embedly|curl/|wget/|python-|aiohttp|httpx|okhttp|go-http-client|java/|apache-httpclient|node-fetch|axios"
    r"|libwww|winhttp|powershell|phantomjs|lighthouse",
    re.IGNORECASE,
)
"""Mail scanners, link previews and programs; browsers driven by a person never call themselves so."""
_BROWSERS = {
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "HeadlessChrome": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Samsung Internet": "Samsung browser",
}
_SYSTEMS = {"Mac OS X": "Mac", "Chrome OS": "Chromebook", "Ubuntu": "Linux", "Fedora": "Linux"}
_NAMED_DEVICES = ("iPhone", "iPad")
UNKNOWN = "Unknown device"


def is_machine(user_agent: str) -> bool:
    """Whether a user agent is a scanner's, a preview's or a program's."""
    if not user_agent or _MACHINES.search(user_agent):
        return True
    device = parse(user_agent[:400]).device
    return device is not None and device.family == "Spider"


def device_text(user_agent: str) -> str:
    """A device as people say it: ``Safari on iPhone``, ``Edge on Windows``."""
    found = parse(user_agent[:400])
    browser = found.user_agent.family if found.user_agent else ""
    browser = _BROWSERS.get(browser, browser)
    place = found.device.family if found.device and found.device.family in _NAMED_DEVICES else ""
    place = place or (_SYSTEMS.get(found.os.family, found.os.family) if found.os else "")
    return " on ".join(part for part in (browser, place) if part and part != "Other")[:80] or UNKNOWN

"""The plain pages before Streamlit: drawn from ``data/pages``, in English and Arabic, without a script."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import Headers, QueryParams
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Scope

from core.clock import now
from core.errors import DomainError, TooManyAttempts
from core.i18n import LANGUAGES, is_rtl, refusal, t
from core.mail.brand import Brand

FOLDER = Path(__file__).parent.parent / "data" / "pages"
OURS = Brand("Partnerdesk", "#0b5d66")
"""How a page looks before it is known whose it is."""


@lru_cache(maxsize=1)
def _templates() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html", "j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals |= {"t": t, "is_rtl": is_rtl, "refusal": refusal}
    return pages


def page(
    name: str,
    *,
    languages: tuple[str, ...],
    brand: Brand = OURS,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    """A page by its template's name. ``languages``: the ones it speaks, the reader's first."""
    text = _templates().get_template(f"{name}.html.j2").render(languages=languages, brand=brand, **values)
    return HTMLResponse(text, status, headers=dict(headers or {}))


def bilingual(scope: Scope, name: str, **values: Any) -> Response:
    """A page in both languages, the one that the browser asks for first."""
    return page(name, languages=both_languages(language_of(scope)), **values)


def refused(
    scope: Scope,
    error: DomainError,
    *,
    status: int,
    brand: Brand = OURS,
    again: str = "",
    token: str = "",
    way: tuple[str, str] | None = None,
) -> Response:
    """What a person is told when something cannot be done, in both languages.

    With ``again``, a path of ours, the page offers to mail a new link to the address that is known for that partner.
    ``way``: the words of a link and its path, where to go on.
    """
    headers = _retry_after(error)
    accepted = Headers(scope=scope).get("accept", "*/*")
    if "text/html" not in accepted and "*/*" not in accepted:
        return PlainTextResponse(refusal(error, language_of(scope)), status, headers)
    lead = _LEADS.get(type(error).__name__)
    way = way or ((lead[0], lead[1] or scope["path"]) if lead else None)
    subject = {"error": error, "title_key": _title_of(error), "again": again, "token": token, "way": way}
    return bilingual(scope, "problem", brand=brand, status=status, headers=headers, **subject)


_LEADS = {"CodeWrong": ("entry.try_again", ""), "SignInLinkDead": ("sign_in.link.open", "/sign-in")}
"""Where a refusal leads on to, by its class: the words of the link, and its path; the same page where that is empty."""


def _title_of(error: DomainError) -> str:
    """The heading over a refusal: of its own class, or of the nearest one above that has one."""
    headings = {"CodeWrong": "code", "LinkRefused": "link", "TooManyAttempts": "limit", "NotSaved": "not_saved"}
    headings |= {"SignInFirst": "closed"}
    headings |= {"NotFound": "not_found", "SignInLinkDead": "link", "NotAllowed": "not_allowed", "Crashed": "not_saved"}
    found = (headings[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in headings)
    return f"entry.problem.{next(found, 'other')}"


def _retry_after(error: DomainError) -> dict[str, str]:
    if not isinstance(error, TooManyAttempts):
        return {}
    return {"Retry-After": str(max(1, round((error.retry_at - now()).total_seconds())))}


def language_of(scope: Scope) -> str:
    """The language a browser asks for: by ``?lang=``, else by its settings, else English."""
    wished = QueryParams(scope.get("query_string", b"")).get("lang", "")
    if wished in LANGUAGES:
        return wished
    first = Headers(scope=scope).get("accept-language", "").split(",")[0].strip().lower()
    return "ar" if first[:2] == "ar" else "en"


def both_languages(first: str) -> tuple[str, ...]:
    """Both languages, this one first."""
    return (first, *(language for language in LANGUAGES if language != first))

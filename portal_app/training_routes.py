"""Training by plain addresses: pictures, certificates to save, and the public page that checks one by its code."""

from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core import format
from core.access import limits
from core.actor import system
from core.db import reading
from core.errors import TooManyAttempts
from core.training import public
from core.training.public import Checked
from front_door import answers, pages
from front_door.client import client_of
from portal_app import documents
from training_view import files


def routes() -> list[BaseRoute]:
    """The routes of training."""
    return [Route("/certificate/{code}", Check), *files.routes(documents.caller)]


class Check(HTTPEndpoint):
    """Whether a certificate is genuine and counts, for anybody who holds its code."""

    async def get(self, request: Request) -> Response:
        """The answer. Each is counted by address, so that codes cannot be tried out; a wrong one learns nothing."""
        try:
            await to_thread.run_sync(limits.asked_to_verify, client_of(request.scope).ip)
        except TooManyAttempts as refusal:
            return pages.refused(request.scope, refusal, status=answers.status_of(refusal))
        found = await to_thread.run_sync(_check, request.path_params["code"])
        languages = pages.both_languages(pages.language_of(request.scope))
        facts = {language: _facts(found, language) for language in languages} if found else {}
        return pages.page("certificate", languages=languages, found=found, facts=facts, status=200 if found else 404)


def _check(code: str) -> Checked | None:
    with reading(system()) as session:
        return public.check(session, code)


def _facts(found: Checked, language: str) -> dict[str, str]:
    """What is told, in a language: the words for its state, with the day, and each fact by the key of its label."""
    is_arabic = language == "ar"
    until = format.day(found.valid_until, language=language, year=True)
    revoked = format.day(found.revoked_on, language=language, year=True) if found.revoked_on else ""
    return {
        "state": "valid" if found.counts else str(found.state),
        "day": revoked or until,
        "holder": found.holder,
        "organisation": found.organisation,
        "module": found.module_ar if is_arabic and found.module_ar else found.module,
        "issuer": found.issuer_ar if is_arabic and found.issuer_ar else found.issuer,
        "valid_until": until,
    }

"""What other services tell us by themselves: bookings of Cal.com. A signature stands in for the page it came from."""

import structlog
from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.actor import Actor, system
from core.db import transaction
from core.meetings import cal
from core.meetings.booking import take_in
from core.meetings.cal import Booking
from core.settings import settings
from front_door import answers
from front_door.client import client_of

log = structlog.get_logger()
CAL = "/hooks/cal"
MOST_OF_A_REPORT = 262_144
SIGNATURE = "x-cal-signature-256"


def route() -> Route:
    """``POST /hooks/cal``."""
    return Route(CAL, CalHook)


class CalHook(HTTPEndpoint):
    """A booking that was made, moved or cancelled."""

    async def post(self, request: Request) -> Response:
        """200 for whatever was signed with our secret, so that the service does not repeat it; 404 without a secret."""
        secret = settings().cal_webhook_secret.get_secret_value()
        if not secret:
            raise HTTPException(404)
        message = await answers.body(request, most=MOST_OF_A_REPORT)
        client = client_of(request.scope)
        if not cal.is_signed(secret, message, request.headers.get(SIGNATURE, "")):
            log.warning("booking.signature", ip=client.ip)
            return PlainTextResponse("The signature does not match.", 401)
        booking = cal.read(message)
        by = system(ip=client.ip, user_agent=client.user_agent)
        outcome = await to_thread.run_sync(_take_in, booking, by) if booking else "Not about a booking"
        return PlainTextResponse(outcome)


def _take_in(booking: Booking, by: Actor) -> str:
    with transaction(by) as session:
        return take_in(session, booking, by=by)

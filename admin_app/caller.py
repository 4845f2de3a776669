"""Who sends a plain HTTP request to the admin app: the same person its pages would see."""

from starlette.requests import Request

from admin_app import shell
from core.actor import Actor, system
from core.companies.sign_in import who
from core.db import reading
from core.errors import NotAllowed
from front_door.client import client_of
from front_door.cookies import session_secret


class SignInAgain(NotAllowed):
    """Your session ended. Sign in again, then open this once more."""

    status = 401


def caller(request: Request) -> Actor:
    """The member of staff who sends this request. It asks the database, so call it off the event loop.

    Raises:
        SignInAgain: the cookie lets nobody in.
    """
    client = client_of(request.scope)
    secret = session_secret(request.scope, shell.door())
    with reading(system()) as session:
        found = who(session, secret, ip=client.ip, user_agent=client.user_agent) if secret else None
    if found is None:
        raise SignInAgain
    return found

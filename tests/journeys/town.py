"""The real processes over the demo company, the people in them, and every secret that was handed out."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

import core.db
from core.access import tokens
from core.actor import Actor, Role, system
from core.companies import service as companies
from core.companies import sign_in
from core.companies.models import Staff
from core.db import reading, transaction
from core.demo.load import load
from core.engagement.reading import resume
from core.migrations import upgrade
from core.partners.models import Partner
from core.proposals import service as proposals
from core.proposals import unlock
from core.proposals.models import ProposalVersion
from tests.servers import Mailbox, Stack

HUMAN = {"Accept": "text/html", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0"}


@dataclass(frozen=True)
class Issued:
    """A secret, what it is, and the address that may be mailed it; empty: nobody's."""

    what: str
    secret: str
    owner: str = ""


@dataclass
class Town:
    """The running product."""

    stack: Stack
    mails: Mailbox
    issued: list[Issued] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """What was answered to people who were not let in."""

    def note(self, what: str, secret: str, owner: str = "") -> str:
        """Remember a secret that was handed out."""
        self.issued.append(Issued(what, secret, owner))
        return secret

    def staff(self, like: str) -> Actor:
        """A member of staff, by the start of the address."""
        with reading(system()) as session:
            return sign_in.staff_actor(session.scalars(select(Staff).where(Staff.email.like(f"{like}@%"))).one())

    def new_colleague(self, name: str, role: Role = Role.ADMIN) -> UUID:
        """Somebody who joins the company today."""
        chief = self.staff("rahma")
        with transaction(chief) as session:
            email = f"{name.lower()}@nizwacloud.example"
            return companies.add_staff(session, name=name, email=email, role=role, by=chief).id

    def signed_in(self, staff_id: UUID) -> str:
        """The cookie of somebody who signed in by a mailed link just now."""
        by = system(self.staff("rahma").company)
        with transaction(by) as session:
            staff = session.get_one(Staff, staff_id)
            secret = self.note("sign-in secret", sign_in.make_link(session, staff, by=by), staff.email)
        with self.browser(self.stack.admin_url) as browser:
            answer = browser.post(f"/sign-in/{secret}")
        assert answer.status_code == 303
        return "pd_admin=" + self.note("admin's session", answer.cookies["pd_admin"])

    def partners(self) -> list[Partner]:
        """The partners whose proposal is published, by name."""
        with reading(self.staff("rahma")) as session:
            published = select(ProposalVersion.partner_id).where(ProposalVersion.published_at.is_not(None))
            return list(session.scalars(select(Partner).where(Partner.id.in_(published)).order_by(Partner.slug)))

    def link(self, partner: Partner) -> str:
        """The token of a new link to a partner's proposal."""
        chief = self.staff("rahma")
        with transaction(chief) as session:
            token = tokens.spell(proposals.issue_proposal_token(session, partner.id, by=chief))
        return self.note("proposal link", token, partner.contact_email)

    def entered(self, partner: Partner, token: str) -> str:
        """The cookie of a reader who opened a proposal just now."""
        with self.browser(self.stack.portal_url) as browser:
            answer = browser.post(f"/partnership/{partner.slug}", data={"token": token, "measured": "yes"})
        assert answer.status_code == 303
        self.note("device", answer.cookies["pd_device"])
        return "pd_portal=" + self.note("reader's session", answer.cookies["pd_portal"])

    def visit(self, cookie: str) -> str:
        """The signed name of the reader's visit."""
        with reading(system()) as session:
            by = unlock.who(session, cookie.partition("=")[2], ip="127.0.0.1", user_agent=HUMAN["User-Agent"])
        assert by is not None
        with transaction(by) as session:
            return self.note("visit", resume(session, language="en", by=by).visit)

    @contextmanager
    def browser(self, address: str, cookie: str = "") -> Iterator[httpx.Client]:
        """Plain requests from a page of the app itself; what is refused is kept."""

        def keep(answer: httpx.Response) -> None:
            if answer.status_code >= 400:
                self.refusals.append(f"{dict(answer.headers)}\n{answer.read().decode('utf-8', 'replace')}")

        headers = HUMAN | {"Origin": address} | ({"Cookie": cookie} if cookie else {})
        hooks = {"response": [keep]}
        with httpx.Client(base_url=address, trust_env=False, timeout=30, headers=headers, event_hooks=hooks) as client:
            yield client


def beacon(visit: str, n: int) -> bytes:
    """What a reader's browser sends."""
    sent = {"v": visit, "n": n, "ms": {"hero": 200 * n}, "at": "hero", "human": True}
    return json.dumps(sent).encode()


@contextmanager
def running(folder: Path) -> Iterator[Town]:
    """Start it over a fresh demo company, with a mail server."""
    url = f"sqlite:///{folder}/town.db"
    upgrade(url)
    core.db.configure(url)
    with transaction(system()) as session:
        load(session, by=system())
    with Mailbox() as mails:
        limits = ("sign_in_links_per_address", "unlock_failures_per_partner", "unlock_failures_per_address")
        more: dict[str, Any] = {"state_dir": os.environ["STATE_DIR"], **dict.fromkeys(limits, 1_000)}
        with Stack(database_url=url, folder=folder, **mails.smtp, **more) as stack:
            yield Town(stack, mails)
    core.db.dispose()

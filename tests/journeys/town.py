"""The real processes over the demo company, the people in them, and every secret that was handed out."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import time_machine
import typst
from sqlalchemy import func, select

import core.db
from core.access import devices, room_links, tokens
from core.access.models import AccessSession
from core.access.secret import hashed
from core.actor import Actor, Role, system
from core.clock import now
from core.companies import service as companies
from core.companies import sign_in
from core.companies.models import Staff
from core.contacts import presence
from core.db import reading, transaction
from core.demo.load import load
from core.engagement.reading import resume
from core.migrations import upgrade
from core.nda import handover
from core.nda.models import Nda, NdaSigning
from core.partners import service as partners
from core.partners.models import Partner
from core.partners.service import Profile
from core.proposals import service as proposals
from core.proposals.models import ProposalVersion
from core.vault import service as vault
from core.vault.intake import take_in
from core.vault.storage import blobs
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

    def sign_in_secret(self, staff_id: UUID) -> str:
        """The secret of a sign-in link that was made just now."""
        by = system(self.staff("rahma").company)
        with transaction(by) as session:
            staff = session.get_one(Staff, staff_id)
            return self.note("sign-in secret", sign_in.make_link(session, staff, by=by), staff.email)

    def signed_in(self, staff_id: UUID) -> str:
        """The cookie of somebody who signed in by a mailed link just now."""
        secret = self.sign_in_secret(staff_id)
        with self.browser(self.stack.admin_url) as browser:
            answer = browser.post(f"/sign-in/{secret}")
        assert answer.status_code == 303
        return "pd_admin=" + self.note("admin's session", answer.cookies["pd_admin"])

    def partners(self) -> list[Partner]:
        """The partners whose proposal is published, by name."""
        with reading(self.staff("rahma")) as session:
            published = select(ProposalVersion.partner_id).where(ProposalVersion.published_at.is_not(None))
            return list(session.scalars(select(Partner).where(Partner.id.in_(published)).order_by(Partner.slug)))

    def new_partner(self, name: str, *, contact: str) -> Partner:
        """A partner whose contact was never mailed anything; the address is made of the contact's first name."""
        chief, email = self.staff("rahma"), f"{contact.split()[0].lower()}@{name.split()[0].lower()}.example"
        profile = Profile(name=name, contact_name=contact, contact_email=email, owner_id=chief.id)
        with transaction(chief) as session:
            return partners.create(session, profile, by=chief)

    def room_link(self, partner: Partner) -> str:
        """The token of the link to a partner's room."""
        with transaction(self.staff("rahma")) as session:
            token = room_links.spell(room_links.issue(session, partner.id))
        return self.note("room link", token, partner.contact_email)

    def in_room(self, partner: Partner, token: str) -> str:
        """The cookie of somebody who came in by the room's link just now, on a device that was confirmed."""
        with self.browser(self.stack.portal_url) as browser:
            answer = browser.post(f"/portal/{token}")
        assert answer.status_code == 303
        device = self.note("device", answer.cookies["pd_device"])
        with transaction(self.staff("rahma")) as session:
            devices.trust(session, partner.id, hashed(device), address=partner.contact_email)
        return "pd_portal=" + self.note("reader's session", answer.cookies["pd_portal"])

    def handover_link(self, partner: Partner, *, name: str, email: str) -> str:
        """The token of a link by which a colleague signs for a partner."""
        with transaction(self.staff("rahma")) as session:
            asked = {"name": name, "email": email, "title": "", "asked_by": partner.contact_name}
            token = handover.spell(handover.invite_to_sign(session, partner, **asked))
        return self.note("handover link", token, email)

    def ndas(self, partner: Partner) -> list[Nda]:
        """What a partner signed."""
        with reading(self.staff("rahma")) as session:
            return list(session.scalars(select(Nda).where(Nda.partner_id == partner.id)))

    def next_reference(self) -> str:
        """What the next NDA will be called; the demo company has signed some."""
        with reading(self.staff("rahma")) as session:
            return f"NDA-{(session.scalar(select(func.max(Nda.number))) or 0) + 1:05}"

    def count(self, model: type[AccessSession | Nda | NdaSigning], partner: Partner) -> int:
        """How many rows of a kind are a partner's."""
        with reading(self.staff("rahma")) as session:
            found = select(func.count()).select_from(model).where(model.partner_id == partner.id)
            return session.scalar(found) or 0

    def document(self, partner: Partner, title: str, data: bytes, *, requires_nda: bool) -> UUID:
        """A PDF in a partner's vault."""
        chief, file = self.staff("rahma"), take_in(f"{title}.pdf", data)
        blobs().keep(file.data)
        with transaction(chief) as session:
            return vault.upload(session, partner.id, file=file, title=title, requires_nda=requires_nda, by=chief).id

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

    def who(self, secret: str) -> Actor:
        """Whom a session's secret lets in now."""
        with reading(system()) as session:
            by = presence.who(session, secret, ip="127.0.0.1", user_agent=HUMAN["User-Agent"])
        assert by is not None
        return by

    def visit(self, cookie: str) -> str:
        """The signed name of the reader's visit."""
        by = self.who(cookie.partition("=")[2])
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


def made_pdf(title: str) -> bytes:
    """A small PDF."""
    made = typst.compile(f"= {title}".encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


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


@contextmanager
def later(town: Town, *, days: int) -> Iterator[None]:
    """The same town so many days on, for its processes and for the test's own."""
    with time_machine.travel(now() + timedelta(days=days)):
        town.stack.move_clock(days=days)
        yield

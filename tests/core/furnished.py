"""Two companies of which every table has rows: vaults, rooms, meetings, agreements, codes, devices, bookings."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import update

from core.access import devices, room_links
from core.access.secret import hashed
from core.actor import Actor, ContactRole, Role, system
from core.clock import now, today
from core.companies.service import add_staff
from core.contacts import service as contacts
from core.contacts.presence import who
from core.contacts.rows import NewContact
from core.db import Base, reading, transaction
from core.deals import catalogue, plan_service
from core.engagement.batch import Outcome, keep
from core.engagement.beacons import parse
from core.engagement.reading import resume
from core.mail.models import Mail, MailState
from core.meetings import actions, decisions
from core.meetings import service as meetings
from core.meetings.booking import take_in
from core.meetings.cal import Booking, Trigger
from core.meetings.models import Side as Doer
from core.meetings.plans import Attendee, MeetingPlan, NewAction
from core.nda import queries as ndas
from core.nda import recording, text_service
from core.nda import service as signing
from core.partners import room_entry, room_service
from core.vault import fetching
from core.vault import service as vault
from tests.core import crossing_library, crossing_questions, crossing_training
from tests.core.agreement_acts import agreed
from tests.core.contact_acts import enter, newest_secret
from tests.core.crossing import agreement, offered, sound_pdf
from tests.core.furnished_deals import trade
from tests.core.two_companies import House, Side, new_house, rows_of

OF_THE_PRODUCT = {"sign_in_link"}
"""Tables that stay empty here: nobody of these houses was mailed a link to sign in."""
STRANGER = system(ip="203.0.113.30", user_agent="Mozilla/5.0 Firefox/140")


def furnished_house() -> House:
    """A company with three partners, of whom every list and page has something to show. Only the first one's NDA waits
    to be countersigned."""
    house = new_house()
    with transaction(house.admin) as session:
        email = f"{house.mark}.second@staff.example"
        add_staff(session, name=f"{house.mark} Second", email=email, role=Role.ANALYST, by=house.admin)
        draft = text_service.start_draft(session, by=house.admin)
        text_service.save_draft(session, agreement=agreement(house.mark), version=draft.version, by=house.admin)
    _offer(house)
    taught = crossing_training.teach(house.admin, house.mark)
    for side in house.sides:
        furnish(house, side)
        crossing_training.learn(visitor(side.contacts[0]), taught)
    trade(house, [visitor(side.contacts[0]) for side in house.sides])
    for side in house.sides:
        crossing_questions.ask_about_a_deal(side.mark, contact=visitor(side.contacts[0]))
    agreed(visitor(house.sides[0].contacts[0]))
    for side in house.sides[1:]:
        with reading(house.admin) as session:
            nda = ndas.partner_ndas(session, side.id)[0].id
        done(recording.countersign, house.admin, nda, name=f"{side.mark} countersigner", title=f"{side.mark} title")
    with transaction(house.admin) as session:
        session.execute(update(Mail).values(state=MailState.SENT))
    return house


def _offer(house: House) -> None:
    """A catalogue: a product, a territory, a commission plan."""
    told = offered(house.mark)
    for save, name in ((catalogue.save_product, "product"), (catalogue.save_territory, "territory")):
        done(save, house.admin, None, **{name: told[name]}, version=None)
    crossing_questions.publish(house.mark, by=house.admin)
    done(plan_service.add_plan_version, house.admin, new_plan=told["new_plan"])


def furnish(house: House, side: Side) -> None:
    """Everything that a partner on its way to active has left behind."""
    _read(side)
    _agree(house, side)
    _share(house, side)
    _meet(house, side)
    _resell(house, side)
    file = sound_pdf(f"{side.mark}asked")
    crossing_questions.converse(side.mark, file=file, contact=visitor(side.contacts[0]), by=house.admin)
    shared = sound_pdf(f"{side.mark}shared")
    crossing_library.shelve(side.mark, side.id, file=shared, contact=visitor(side.contacts[0]), by=house.admin)


def done(operation: Any, by: Actor, *subject: Any, **details: Any) -> Any:
    """An operation in a transaction of its own."""
    with transaction(by) as session:
        return operation(session, *subject, **details, by=by)


def visitor(secret: str) -> Actor:
    """Whom a cookie of the portal stands for."""
    with reading(system()) as session:
        found = who(session, secret, ip=STRANGER.ip, user_agent=STRANGER.user_agent)
    assert found is not None
    return found


def _resell(house: House, side: Side) -> None:
    """A reseller from now on: its principal is in, a salesperson is invited, and staff wished to look as the first."""
    mark, company = side.mark, house.admin
    done(contacts.make_reseller, company, side.id, commission_pct=Decimal(10))
    for role in (ContactRole.PRINCIPAL, ContactRole.SALESPERSON):
        person = NewContact(f"{mark} {role}", f"{mark}.{role}@reseller.example", f"{mark} title", role)
        contact = done(contacts.add, company, side.id, person=person)
        if role is ContactRole.PRINCIPAL:
            done(contacts.view_as, company, contact.id)
            side.contacts.append(enter(newest_secret(contact), f"{mark} phone"))
            known = devices.known_as(hashed(f"{mark} phone"), contact.id)
            with transaction(company) as session:
                devices.trust(session, side.id, known, address=contact.email)


def _read(side: Side) -> None:
    """The proposal read, and the reading reported."""
    opened = done(resume, visitor(side.sessions[0]), language="en")
    sent = {"v": opened.visit, "n": 1, "ms": {"hero": 1_000}, "at": "hero", "human": True}
    assert keep([(parse(json.dumps(sent).encode()), hashed(side.sessions[0]))]) == [Outcome.KEPT]


def _agree(house: House, side: Side) -> None:
    """A signing handed over, another one under way, and an NDA signed on paper."""
    mark, reader, company = side.mark, visitor(side.sessions[0]), house.admin
    done(signing.give_contact, reader, name="Salim Al Kindi", title=f"{mark} title")
    done(signing.hand_over, reader, name="Huda Al Said", email=f"{mark}.other@contact.example")
    done(signing.give_contact, reader, name="Salim Al Kindi", title=f"{mark} title")
    with reading(reader) as session:
        number = ndas.my_signing(session).text_number
    done(signing.show_text, reader, number=number)
    done(signing.finish_reading, reader, clause_ms={})
    done(signing.send_code, reader)
    scan, day = sound_pdf(f"{mark}scan"), today("Asia/Muscat") - timedelta(days=1)
    done(
        recording.record_paper, company, side.id, signer_name=f"{mark} signer", signer_title=f"{mark} title",
        signer_email=f"{mark}@signer.example", signed_on=day, scan=scan,
    )  # fmt: skip


def _share(house: House, side: Side) -> None:
    """The room entered from a trusted device, and a document in it, looked at and fetched."""
    mark, company = side.mark, house.admin
    file = sound_pdf(f"{mark}first")
    texts = {"title": f"{mark} document", "title_ar": f"{mark} وثيقة", "note": f"{mark} note"}
    document = done(vault.upload, company, side.id, file=file, requires_nda=False, **texts)
    link = done(room_service.send_portal_access, company, side.id, language="en")
    with transaction(STRANGER) as session:
        side.rooms.append(room_entry.enter(session, room_links.spell(link), device=f"{mark} device", by=STRANGER))
    guest = visitor(side.rooms[0])
    done(room_service.send_device_code, guest, language="en")
    with transaction(company) as session:
        devices.trust(session, side.id, hashed(f"{mark} device"), address=f"{mark}@contact.example")
    done(vault.look, guest)
    done(fetching.fetch_own, guest, document.id)
    done(fetching.fetch, company, document.id)


def _meet(house: House, side: Side) -> None:
    """A meeting planned and another one booked, what is to be done on both sides, and what was decided."""
    mark, company = side.mark, house.admin
    come = (Attendee(f"{mark} guest", f"{mark}@guest.example"),)
    facts = {"place": f"{mark} place", "agenda": f"{mark} agenda", "attendees": come}
    plan = MeetingPlan(f"{mark} meeting", now() + timedelta(days=2), **facts)  # type: ignore[arg-type]
    todo = [NewAction(doer, f"{mark} {doer} to do", due_on=today("Asia/Muscat")) for doer in Doer]
    meeting = done(meetings.add_meeting, company, side.id, plan=plan, actions=todo)
    done(meetings.add_notes, company, meeting.id, notes=f"{mark} notes", version=meeting.version)
    decided = {"text": f"{mark} decision", "decided_on": today("Asia/Muscat")}
    done(decisions.add_decision, company, side.id, **decided, meeting_id=meeting.id)
    guest = visitor(side.rooms[0])
    with transaction(company) as session:
        row = actions.add_action(session, side.id, action=NewAction(Doer.PARTNER, f"{mark} more"), by=company)
    done(actions.mark_own_done, guest, row.id, done=True)
    booking = Booking(
        trigger=Trigger.CREATED, digest=sound_pdf(mark).sha256, uid=f"{mark}-booking", before="",
        title=f"{mark} booked", at=now() + timedelta(days=4), minutes=30, place=f"{mark} call", attendees=come,
        organiser=Attendee("", ""), slug=side.slug, notes=f"{mark} asks", why="",
    )  # fmt: skip
    done(take_in, STRANGER, booking)


def empty_tables(house: House) -> set[str]:
    """The tables of business that have no row of a company."""
    filled = {table for table, _, _ in rows_of(house)}
    of_business = {table.name for table in Base.metadata.sorted_tables if "company_id" in table.columns}
    return of_business - filled

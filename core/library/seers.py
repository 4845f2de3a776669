"""Who could see a document on a day, person by person with their names; part of the read that asks for it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import ContactRole
from core.contacts.models import Contact
from core.library.history import Answer, Rule, Spell, spells
from core.library.seen import life_of, pasts
from core.partners.models import Partner
from core.vault.models import Document
from core.vault.visibility import Reach


@dataclass(frozen=True)
class Seer:
    """What one contact could see of a document in a part of a day. ``since`` and ``until``: None at the day's ends."""

    contact: str
    partner: str
    role: ContactRole | None
    answer: Answer
    rule: Rule | None
    since: datetime | None
    until: datetime | None

    @property
    def could(self) -> bool:
        """Whether it was there for them."""
        return self.answer is Reach.SEES


def seers(
    session: Session, document: Document, rules: list[Rule], *, since: datetime, until: datetime, zone: str
) -> list[Seer]:
    """Who could see a document between two instants of a day, and who could not; who could stands first."""
    return _named(session, _spells(session, document, rules, since, until, zone), since, until)


def _spells(
    session: Session, document: Document, rules: list[Rule], since: datetime, until: datetime, zone: str
) -> list[Spell]:
    life = life_of(session, document)
    that_day = [rule for rule, end in zip(rules, [*(one.at for one in rules[1:]), until], strict=True)
                if rule.at < until and end > since]  # fmt: skip
    for_all = any(rule.audience.for_all for rule in that_day)
    some = frozenset(rule.audience.partner_id for rule in that_day if rule.audience.partner_id)
    with_gates = any(terms.requires_nda for terms in life.terms)
    everybody = pasts(session, partner_ids=None if for_all else some, since=since, until=until, with_gates=with_gates)
    return [
        spell
        for past in everybody
        for spell in spells(past, life=life, rules=rules, since=since, until=until, zone=zone)
    ]


def _named(session: Session, found: list[Spell], since: datetime, until: datetime) -> list[Seer]:
    ids = {spell.contact_id for spell in found}
    told = select(Contact.id, Contact.name, Partner.name).join(Partner, Partner.id == Contact.partner_id)
    names = {row[0]: (row[1], row[2]) for row in session.execute(told.where(Contact.id.in_(ids)))}
    could = {spell.contact_id for spell in found if spell.answer is Reach.SEES}
    order = sorted(
        (spell for spell in found if spell.contact_id in names),
        key=lambda one: (one.contact_id not in could, names[one.contact_id][::-1], one.contact_id, one.since),
    )
    return [
        Seer(
            *names[one.contact_id], one.role, one.answer, one.rule,
            since=one.since if one.since > since else None, until=one.until if one.until < until else None,
        )
        for one in order
    ]  # fmt: skip


def partners_named(session: Session, rules: list[Rule]) -> dict[UUID, str]:
    """The resellers that rules were for, by name."""
    ids = {rule.audience.partner_id for rule in rules} - {None}
    rows = session.execute(select(Partner.id, Partner.name).where(Partner.id.in_(ids))) if ids else ()
    return {row.id: row.name for row in rows}

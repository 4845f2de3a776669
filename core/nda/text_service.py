"""Writing an agreement's text: a draft of the next version, saved, discarded, published."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import lock
from core.errors import Conflict, Invalid
from core.failpoints import reach
from core.nda.instruments import named
from core.nda.models import Instrument, NdaText, TextState
from core.nda.rows import agreement_of, ensure_text, find_draft_text
from core.nda.texts import LANGUAGES, Agreement, compare, missing_twins, sha256_of


class TextDraftChanged(Conflict):
    """{who} saved this draft while you were writing. Your text is still in the form; compare and save again."""


class NoTextDraft(Conflict):
    """There is no draft of the agreement. Start one from the published version first."""


class TwinMissing(Invalid):
    """Both languages need the same clauses. Write these first: {clauses}."""


class NothingChanged(Conflict):
    """The draft says the same as the published version. Change something before you publish."""


class NoClauses(Invalid):
    """The agreement has no clauses. Add at least one before you publish."""


@permits(Act.MANAGE_NDA)
def start_draft(session: Session, *, instrument: Instrument = Instrument.NDA, by: Actor) -> NdaText:
    """A draft of the next version, with the words of the published one; the draft there is, if there is one."""
    lock(session, f"{instrument}-text:{by.company}")
    published, found = ensure_text(session, instrument, by=by), find_draft_text(session, instrument)
    if found is not None:
        return found
    highest = session.scalar(select(func.max(NdaText.number)).where(NdaText.instrument == instrument)) or 0
    draft = NdaText(instrument=instrument, number=highest + 1, state=TextState.DRAFT, content=published.content)
    draft.saved_at, draft.saved_by = now(), by.name
    session.add(draft)
    session.flush()
    after = {"number": draft.number, "from": published.number}
    record(session, named(Tag.NDA_TEXT_SAVE, instrument), by=by, subject=draft, after=after)
    return draft


@permits(Act.MANAGE_NDA)
def save_draft(
    session: Session, *, agreement: Agreement, version: int, instrument: Instrument = Instrument.NDA, by: Actor
) -> NdaText:
    """Keep what was written. ``version``: the draft's as it was read.

    Raises:
        NoTextDraft: there is none.
        TextDraftChanged: somebody else saved it since.
    """
    draft = _seen_draft(session, version, instrument, by=by)
    before = agreement_of(draft)
    draft.content, draft.saved_at, draft.saved_by = agreement.model_dump(mode="json"), now(), by.name
    session.flush()
    changed = [change.key for change in compare(before, agreement)]
    after = {"number": draft.number, "clauses": changed}
    record(session, named(Tag.NDA_TEXT_SAVE, instrument), by=by, subject=draft, after=after)
    return draft


def _seen_draft(session: Session, version: int, instrument: Instrument, *, by: Actor) -> NdaText:
    """The draft, as it was read at ``version``."""
    lock(session, f"{instrument}-text:{by.company}")
    draft = find_draft_text(session, instrument)
    if draft is None:
        raise NoTextDraft
    if draft.version != version:
        raise TextDraftChanged(who=draft.saved_by)
    return draft


@permits(Act.MANAGE_NDA)
def discard_draft(session: Session, *, version: int, instrument: Instrument = Instrument.NDA, by: Actor) -> None:
    """Throw the draft away; what is published stays.

    Raises:
        NoTextDraft, TextDraftChanged: see ``save_draft``.
    """
    draft = _seen_draft(session, version, instrument, by=by)
    session.delete(draft)
    record(session, named(Tag.NDA_TEXT_DISCARD, instrument), by=by, subject=draft, before={"number": draft.number})


@permits(Act.MANAGE_NDA)
def publish(session: Session, *, version: int, instrument: Instrument = Instrument.NDA, by: Actor) -> NdaText:
    """Have the draft signed from now on; who is reading the version before it is told so, and reads again.

    Raises:
        TwinMissing: a clause lacks its words in a language; the message names the clauses.
        NoClauses, NothingChanged: there is nothing to publish.
        NoTextDraft, TextDraftChanged: see ``save_draft``.
    """
    draft = _seen_draft(session, version, instrument, by=by)
    published = ensure_text(session, instrument, by=by)
    words = agreement_of(draft)
    if not words.clauses:
        raise NoClauses
    if lacking := missing_twins(words):
        raise TwinMissing(clauses="; ".join(lacking))
    if words == agreement_of(published):
        raise NothingChanged
    draft.sha256_en, draft.sha256_ar = (sha256_of(words, language) for language in LANGUAGES)
    draft.state, draft.published_at, draft.published_by = TextState.PUBLISHED, now(), by.name
    session.flush()
    reach("nda_text:published")
    after = {"number": draft.number, "sha256_en": draft.sha256_en, "sha256_ar": draft.sha256_ar}
    record(session, named(Tag.NDA_TEXT_PUBLISH, instrument), by=by, subject=draft, after=after)
    return draft

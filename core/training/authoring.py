"""Writing a module's quiz: a draft that is saved as it is typed, filled from files, illustrated, and published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import lock
from core.errors import Conflict, Invalid
from core.failpoints import reach
from core.training import gift, source_json
from core.training.changes import changed, changed_keys
from core.training.checks import check, unstorable
from core.training.matching import matched
from core.training.models import QuizImage, QuizState, QuizVersion, TrainingModule
from core.training.pictures import MOST_MEGABYTES, PICTURES, measured
from core.training.quiz import Question, QuizRefused, from_json, to_json
from core.training.rows import find_draft, find_published, get_module
from core.vault.intake import MEGABYTE, Taken

Form = Literal["json", "gift"]
READ = {"json": source_json.read, "gift": gift.read}
"""How a file of each form is read."""


class QuizDraftChanged(Conflict):
    """{who} saved this quiz while you were writing. Your questions are still in the form; load the page to compare."""


class NoQuizDraft(Conflict):
    """This quiz has no draft. Change a question first, then publish."""


class QuizUnchanged(Conflict):
    """The draft asks the same as the published quiz. Change something before you publish."""


class PictureRefused(Invalid):
    """Choose a PNG, JPEG or WebP picture of at most {most} MB."""


@dataclass(frozen=True)
class Imported:
    """What an import did to the draft: questions that are new, changed, and as they were."""

    added: int
    changed: int
    same: int
    version: int
    """The draft's, for the next save."""


@permits(Act.WRITE_TRAINING)
def save_draft(
    session: Session, module_id: UUID, *, questions: Sequence[Question], version: int | None, by: Actor
) -> QuizVersion:
    """Keep what was written. ``version``: the draft's as it was read; None where there was none.

    A draft may lack whatever it likes; publishing asks for it. Recorded is who writes, not every key that is typed.

    Raises:
        QuizDraftChanged: somebody else saved it since.
        QuizRefused: a text cannot be stored.
    """
    _turn(session, module_id)
    module, draft = get_module(session, module_id), find_draft(session, module_id)
    if (draft.version if draft else None) != version:
        raise QuizDraftChanged(who=draft.saved_by if draft else "A colleague")
    is_first = draft is None or draft.saved_by != by.name
    kept = _keep(session, module, draft, tuple(questions), by=by)
    if is_first:
        record(session, Tag.QUIZ_SAVE, by=by, subject=module, after={"number": kept.number})
    return kept


@permits(Act.WRITE_TRAINING)
def discard_draft(session: Session, module_id: UUID, *, version: int, by: Actor) -> None:
    """Throw the draft away; what is published stays.

    Raises:
        NoQuizDraft, QuizDraftChanged
    """
    draft = _seen(session, module_id, version)
    session.delete(draft)
    session.flush()
    record(session, Tag.QUIZ_DISCARD, by=by, subject=get_module(session, module_id), before={"number": draft.number})


@permits(Act.WRITE_TRAINING)
def publish(session: Session, module_id: UUID, *, asks_holders: bool, version: int, by: Actor) -> QuizVersion:
    """Have the draft taken from now on; whoever sits a quiz goes on with what it was asked.

    ``asks_holders``: whoever is certified is asked what changed in meaning, if anything did.

    Raises:
        QuizRefused: it cannot be taken; the faults name the questions.
        QuizUnchanged: it is the published one.
        NoQuizDraft, QuizDraftChanged
    """
    draft = _seen(session, module_id, version)
    module, published = get_module(session, module_id), find_published(session, module_id)
    questions = from_json(draft.questions)
    if faults := check(questions, module.draw, images=_pictures(session, module_id)):
        raise QuizRefused(faults)
    old = from_json(published.questions) if published else ()
    if published and questions == old:
        raise QuizUnchanged
    draft.asks_holders = bool(asks_holders and published and changed_keys(old, questions))
    draft.state, draft.published_at, draft.published_by = QuizState.PUBLISHED, now(), by.name
    module.published_at = module.published_at or now()
    session.flush()
    reach("quiz:published")
    differences = {kind: sum(one.kind == kind for one in changed(old, questions)) for kind in _KINDS}
    after = {"number": draft.number, "questions": len(questions), "asks_holders": draft.asks_holders, **differences}
    record(session, Tag.QUIZ_PUBLISH, by=by, subject=module, after=after)
    return draft


_KINDS = ("added", "changed", "removed")


@permits(Act.WRITE_TRAINING)
def import_quiz(
    session: Session, module_id: UUID, *, text: str, form: Form, replaces: bool = False, by: Actor
) -> Imported:
    """Put the questions of a file into the draft: all of them or none. Importing the same again changes nothing.

    ``replaces``: the draft has the file's questions afterwards and no others.

    Raises:
        QuizRefused: the file cannot be read, or the quiz would be too long; the faults name line and question.
    """
    _turn(session, module_id)
    module, draft = get_module(session, module_id), find_draft(session, module_id)
    start = draft or find_published(session, module_id)
    known = from_json(start.questions) if start else ()
    fresh = matched(READ[form](text), known)
    by_key = {one.key: one for one in fresh}
    kept = () if replaces else tuple(by_key.pop(one.key, one) for one in known)
    merged = fresh if replaces else (*kept, *by_key.values())
    row = draft if draft and merged == known else _keep(session, module, draft, merged, by=by)
    keys = {one.key: one for one in known}
    done = Imported(
        added=sum(one.key not in keys for one in fresh),
        changed=sum(one.key in keys and keys[one.key] != one for one in fresh),
        same=sum(keys.get(one.key) == one for one in fresh),
        version=row.version,
    )
    counted = {"form": form, "added": done.added, "changed": done.changed, "replaces": replaces}
    record(session, Tag.QUIZ_IMPORT, by=by, subject=module, after=counted)
    return done


@permits(Act.WRITE_TRAINING)
def add_image(session: Session, module_id: UUID, *, file: Taken, by: Actor) -> QuizImage:
    """Keep a picture for questions of a module; the same one again is the one that is there.

    ``file``: as ``core.training.pictures.take_in`` took it.

    Raises:
        PictureRefused: it is no picture, or too big.
    """
    _turn(session, module_id)
    module = get_module(session, module_id)
    if file.media_type not in PICTURES or len(file.data) > MOST_MEGABYTES * MEGABYTE:
        raise PictureRefused(most=MOST_MEGABYTES)
    same = select(QuizImage).where(QuizImage.module_id == module_id, QuizImage.sha256 == file.sha256)
    if (known := session.scalars(same).one_or_none()) is not None:
        return known
    width, height = measured(file)
    row = QuizImage(module_id=module_id, sha256=file.sha256, media_type=file.media_type, file_name=file.file_name)
    row.width, row.height, row.content, row.added_at, row.added_by = width, height, file.data, now(), by.name
    session.add(row)
    session.flush()
    record(session, Tag.QUIZ_IMAGE_ADD, by=by, subject=module, after={"file": file.file_name, "sha256": file.sha256})
    return row


def _turn(session: Session, module_id: UUID) -> None:
    """Those who write the same quiz take turns."""
    lock(session, f"quiz:{module_id}")


def _seen(session: Session, module_id: UUID, version: int) -> QuizVersion:
    """The draft, as it was read at ``version``."""
    _turn(session, module_id)
    get_module(session, module_id)
    draft = find_draft(session, module_id)
    if draft is None:
        raise NoQuizDraft
    if draft.version != version:
        raise QuizDraftChanged(who=draft.saved_by)
    return draft


def _keep(
    session: Session, module: TrainingModule, draft: QuizVersion | None, questions: tuple[Question, ...], *, by: Actor
) -> QuizVersion:
    if faults := unstorable(questions):
        raise QuizRefused(faults)
    if draft is None:
        highest = select(func.max(QuizVersion.number)).where(QuizVersion.module_id == module.id)
        draft = QuizVersion(module_id=module.id, number=(session.scalar(highest) or 0) + 1, state=QuizState.DRAFT)
        session.add(draft)
    draft.questions, draft.saved_at, draft.saved_by = to_json(questions), now(), by.name
    session.flush()
    return draft


def _pictures(session: Session, module_id: UUID) -> set[str]:
    """The ids of a module's pictures, as questions name them."""
    return {str(found) for found in session.scalars(select(QuizImage.id).where(QuizImage.module_id == module_id))}

"""The one place that keeps companies apart.

Every row of business carries ``company_id``. A session opened for an actor of a company sees and writes that
company's rows only: selects, relationship loads, updates and deletes get the condition added here, and what cannot
get it (plain SQL, Core statements on tables of business, bulk calls that skip the unit of work) is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import Executable, ForeignKey, Table, TextClause, event, inspect
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql import visitors

from core.actor import Actor
from core.ids import new_id

IN_COMPANY = "in_company"
"""Execution option of statements whose rows were already stamped with the session's company."""
EVERY_COMPANY = "every_company"
"""Execution option of the few reads that must look at every company, such as whether a web name is taken."""


class CompanyCrossed(RuntimeError):
    """A statement tried to leave the company of its session: a fault of ours, never of the user's."""


class Tenant:
    """A row that is a company itself."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class TenantMixin:
    """A row of business, which belongs to one company."""

    @declared_attr
    def company_id(cls) -> Mapped[UUID]:
        """The company this row belongs to; stamped when the row is added."""
        return mapped_column(ForeignKey("company.id"), index=False)


class Keyed(TenantMixin):
    """A row of business with a key of its own that sorts by time."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


def enter(session: Session, company: UUID) -> Actor:
    """From here on a session of the product itself stays inside this company. Returns its actor from now on."""
    actor: Actor = session.info["actor"]
    if actor.company not in (None, company):
        _refuse()
    session.info["actor"] = inside = replace(actor, company=company)
    return inside


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise CompanyCrossed("use session.add, insert_rows or upsert: this call would skip the company's boundary")


class TenantSession(Session):
    """A session that cannot leave its actor's company."""

    bulk_save_objects = _refuse
    bulk_insert_mappings = _refuse
    bulk_update_mappings = _refuse

    @property
    def company(self) -> UUID | None:
        """The company this session is bound to; None for the product itself."""
        company: UUID | None = self.info["actor"].company
        return company

    def connection(self, *args: Any, **kwargs: Any) -> Any:
        """The bare connection, which no rule reaches: for the product itself only."""
        if self.company is not None:
            _refuse()
        return super().connection(*args, **kwargs)


@event.listens_for(TenantSession, "do_orm_execute")
def _stay_inside(state: ORMExecuteState) -> None:
    session = state.session
    if session.info.get("read_only") and (state.is_insert or state.is_update or state.is_delete):
        raise CompanyCrossed("a session for reading tried to write")
    company = session.info["actor"].company
    if company is None or state.execution_options.get(IN_COMPANY) or _looks_everywhere(state):
        return
    if not state.is_orm_statement:
        _refuse_bare(state.statement)
    elif state.is_insert or (state.is_update and isinstance(state.parameters, list)):
        _refuse()
    else:
        state.statement = state.statement.options(*_inside(company))


@lru_cache(maxsize=1_000)
def _inside(company: UUID) -> tuple[LoaderCriteriaOption, LoaderCriteriaOption]:
    """The condition that keeps a statement inside a company; building it takes longer than many a statement."""
    return (
        with_loader_criteria(TenantMixin, lambda cls: cls.company_id == company, include_aliases=True),
        with_loader_criteria(Tenant, lambda cls: cls.id == company, include_aliases=True),
    )


def _looks_everywhere(state: ORMExecuteState) -> bool:
    return state.is_select and bool(state.execution_options.get(EVERY_COMPANY))


def _refuse_bare(statement: Executable) -> None:
    """Refuse plain SQL, and Core statements that name a table of business."""
    if isinstance(statement, TextClause):
        _refuse()
    for element in visitors.iterate(statement):  # type: ignore[arg-type]
        if isinstance(element, Table) and (element.name == "company" or "company_id" in element.columns):
            _refuse()


@event.listens_for(TenantSession, "loaded_as_persistent")
def _keep(session: TenantSession, row: object) -> None:
    """A look at the data remembers its rows, so that who asks for one again by its key gets it without a statement."""
    if session.info.get("read_only") and session.company is not None:
        session.info.setdefault("rows", []).append(row)


@event.listens_for(TenantSession, "before_flush")
def _stamp(session: TenantSession, _context: UOWTransaction, _instances: object) -> None:
    if session.info.get("read_only"):
        raise CompanyCrossed("a session for reading tried to write")
    if session.company is None:
        return
    for row in session.new:
        if isinstance(row, TenantMixin) and row.company_id is None:
            row.company_id = session.company
    for row in (*session.new, *session.dirty, *session.deleted):
        _check_row(row, session.company)


def _check_row(row: object, company: UUID) -> None:
    name = "company_id" if isinstance(row, TenantMixin) else "id" if isinstance(row, Tenant) else None
    if name is None:
        return
    history = inspect(row).attrs[name].history
    if any(
        value != company for value in (*(history.deleted or ()), *(history.added or ()), *(history.unchanged or ()))
    ):
        raise CompanyCrossed(f"{type(row).__name__} belongs to another company")


def stamped(session: Session, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the session's company on each.

    Raises:
        CompanyCrossed: a row names another company, or none is known.
    """
    company = session.info["actor"].company
    marked = [{"company_id": company, **row} for row in rows]
    if any(row["company_id"] is None or (company and row["company_id"] != company) for row in marked):
        raise CompanyCrossed("a row belongs to another company")
    return marked

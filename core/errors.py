"""Refusals: facts of the business, said in one sentence with what to do next.

A refusal's English wording is its docstring (or the message it is given); the Arabic twin is keyed by class name.
"""

import string
from datetime import date, datetime
from inspect import cleandoc
from typing import Any


class DomainError(Exception):
    """This could not be done."""

    def __init__(self, message: str | None = None, **facts: Any) -> None:
        template = message or cleandoc(type(self).__doc__ or "").split("\n\n")[0].replace("\n", " ")
        self.facts = facts
        said = {name: _said(value) for name, value in facts.items()}
        self.message = string.Formatter().vformat(template, (), said) if facts else template
        super().__init__(self.message)


def _said(value: object) -> object:
    """A fact as the English sentence says it: a day as "3 Nov 2026"."""
    return f"{value.day} {value:%b %Y}" if isinstance(value, date) else value


class NotFound(DomainError):
    """This was not found. It may have been removed; go back to the list and choose again."""


class NotAllowed(DomainError):
    """Your role does not allow this. Ask an admin of your company."""


class LookingOnly(NotAllowed):
    """You are looking as {name}; nothing can be changed here."""


class Conflict(DomainError):
    """Somebody changed this meanwhile. Look at the new state and try again."""


class Invalid(DomainError):
    """This value cannot be used."""


class TooManyAttempts(DomainError):
    """Too many attempts. Try again later."""

    def __init__(self, message: str | None = None, *, retry_at: datetime, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.retry_at = retry_at


class NotSaved(DomainError):
    """Not saved. Nothing was changed. Try again in a moment; if it happens again, tell your admin: error {error_id}."""

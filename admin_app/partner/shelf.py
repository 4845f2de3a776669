"""Where documents stand, as the dialogs about one of them need it: a partner's vault, or a space of the library."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.vault import service

Operation = Callable[..., Any]


@dataclass(frozen=True)
class Shelf:
    """Where documents stand, who reads them there, and what may be done with them; texts are ready for markdown.

    ``readers``: who finds them, as a sentence begins; ``finds``: what happens to a new one; ``gated``: who waits for
    the NDA; ``place``: what a new one is in; ``gate_help``, ``change_help``: about the inputs. ``more``: words for
    something more about a document, and what leads there from a callback.
    """

    id: UUID
    readers: str
    finds: str
    gated: str
    place: str
    gate_help: str
    change_help: str
    add: Operation
    replace: Operation
    change: Operation
    remove: Operation
    more: tuple[str, Callable[[UUID], None]] | None = None


def vault_of(partner_id: UUID, name: str) -> Shelf:
    """A partner's vault. ``name``: the partner's, ready for markdown."""
    return Shelf(
        id=partner_id,
        readers=name,
        finds=f"**{name}** finds it in the room at once. Nothing is mailed.",
        gated=f"{name} sees that it exists and is asked to sign.",
        place="the vault",
        gate_help="Opens once the partner's NDA is valid, and for an active partner; until then only the title shows.",
        change_help="",
        add=service.upload,
        replace=service.replace,
        change=service.change,
        remove=service.remove,
    )

"""What the register is asked for: the filters and the order that its address carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from core.nda.models import Form, Instrument
from core.nda.register import Order
from core.nda.steps import State

Choice = TypeVar("Choice", State, Form, Instrument)
SORTS = {
    "": ("Signed last", Order.SIGNED, True),
    "oldest": ("Signed first", Order.SIGNED, False),
    "ending": ("Ends first", Order.EXPIRES, False),
    "lasting": ("Ends last", Order.EXPIRES, True),
    "reference": ("By reference", Order.REFERENCE, False),
    "partner": ("By partner", Order.PARTNER, False),
}
"""By its word in the address: how an order is called, what it goes by, and whether it begins at the end."""


@dataclass(frozen=True)
class Asked:
    """Which agreement, and the filters of its register; what an address says wrongly counts as not said."""

    instrument: Instrument
    state: State | None
    form: Form | None
    text: str
    sort: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.state or self.form or self.text)

    @property
    def filters(self) -> dict[str, Any]:
        """The same as ``core.nda.register.register`` is told."""
        _, order, descending = SORTS[self.sort]
        return {
            "instrument": self.instrument, "state": self.state, "form": self.form, "text": self.text, "order": order,
            "descending": descending,
        }  # fmt: skip

    @property
    def params(self) -> dict[str, str]:
        """The same as an address says it."""
        other = self.instrument if self.instrument is not Instrument.NDA else ""
        said = {
            "instrument": other,
            "state": self.state or "",
            "form": self.form or "",
            "text": self.text,
            "sort": self.sort,
        }
        return {name: str(value) for name, value in said.items() if value}


def asked(params: Mapping[str, str]) -> Asked:
    """Read an address."""
    sort = params.get("sort", "")
    return Asked(
        instrument=instrument_in(params),
        state=_one_of(State, params.get("state", "")),
        form=_one_of(Form, params.get("form", "")),
        text=params.get("text", "")[:200],
        sort=sort if sort in SORTS else "",
    )


def instrument_in(params: Mapping[str, str]) -> Instrument:
    """The agreement an address is about; the NDA unless it says another."""
    return _one_of(Instrument, params.get("instrument", "")) or Instrument.NDA


def _one_of(choices: type[Choice], word: str) -> Choice | None:
    return choices(word) if word in set(choices) else None

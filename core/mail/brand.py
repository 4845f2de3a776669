"""How a company looks in its mails: name and accent colour, with inks that stay readable on any colour."""

import re
from dataclasses import dataclass

DEFAULT_COLOUR = "#1f4e5f"
_READABLE = 4.5
"""Contrast ratio that WCAG asks of text."""


@dataclass(frozen=True)
class Brand:
    """A company as its mails show it. ``colour``: ``#rrggbb``; anything else becomes the default colour."""

    name: str
    colour: str = DEFAULT_COLOUR
    language: str = "en"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.colour):
            object.__setattr__(self, "colour", DEFAULT_COLOUR)

    @property
    def ink(self) -> str:
        """White or near-black: whichever reads better on the accent colour."""
        return max("#ffffff", "#16181c", key=lambda ink: contrast(ink, self.colour))

    @property
    def text_colour(self) -> str:
        """The accent colour where it can be read as text on white, else near-black."""
        return self.colour if contrast(self.colour, "#ffffff") >= _READABLE else "#16181c"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours ``#rrggbb`` by WCAG 2, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2, from 0 (black) to 1 (white)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

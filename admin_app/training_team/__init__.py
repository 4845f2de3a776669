"""The parts of the page about who is certified."""

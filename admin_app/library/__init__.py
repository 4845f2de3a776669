"""The parts of the page about the library."""

"""The parts of the page about documents."""

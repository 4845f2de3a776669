"""The parts of the pages about deals."""

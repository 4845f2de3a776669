"""The parts of the room's page."""

"""The parts of the page about the team's certificates."""

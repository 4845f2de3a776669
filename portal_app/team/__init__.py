"""The parts of the team's page."""

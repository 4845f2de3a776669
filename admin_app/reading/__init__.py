"""The parts of the Engagement screen."""

"""Partners and their pipeline."""

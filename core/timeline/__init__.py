"""One stream of everything that touched a partner."""

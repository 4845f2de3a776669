"""The review queue's page: what waits, one deal with what its decision needs, deciding."""

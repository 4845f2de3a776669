"""What was done, by whom: an append-only, hash-chained record."""

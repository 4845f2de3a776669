"""What was read, for how long, and what to make of it."""

"""The company, its modules and its staff."""

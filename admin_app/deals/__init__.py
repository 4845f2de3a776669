"""The list of what is sold: its filters, its table."""

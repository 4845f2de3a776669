"""How selling through partners goes, drawn."""

"""Selling a deal: its quote, its order, its invoice."""

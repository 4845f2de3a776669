"""Meetings, and what follows from them: action items and decisions."""

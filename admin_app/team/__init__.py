"""What the team page opens: a colleague, the form for a new one, one's own sessions."""

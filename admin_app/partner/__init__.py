"""What the board and a partner's page have in common, and the tabs of a partner's page."""

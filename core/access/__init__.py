"""Links, sessions and limits: who gets in, and how often they may try."""

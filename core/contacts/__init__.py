"""People of resellers: invited, let in, with a role."""

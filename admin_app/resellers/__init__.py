"""What the resellers' page opens."""

"""What the pages about questions are made of."""

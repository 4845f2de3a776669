"""What the e-mail page is made of: whether mail works, and one mail."""

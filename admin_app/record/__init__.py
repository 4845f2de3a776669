"""What the audit page is made of: the verdict on the record, and one entry of it."""

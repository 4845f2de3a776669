"""The proposal as a page, drawn the same way for the partner and in the admin preview."""

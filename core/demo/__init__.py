"""The demo company: six partners with their history, proposals and some weeks of reading."""

"""One visual idea per file; no queries."""

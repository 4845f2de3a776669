"""One visual idea per file: keyword-only options, no queries, no business rules."""

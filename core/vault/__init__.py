"""Documents: kept, shown to whom they concern, fetched on the record."""

"""The NDA: its texts, its signing, its evidence."""

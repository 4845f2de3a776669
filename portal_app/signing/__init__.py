"""The four steps of the signing page."""

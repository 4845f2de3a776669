"""Parts of the page of protections."""

"""What the catalogue's page opens: the price list, the territories, the commission plans."""

"""The proposal editor: what the page ``views/proposal.py`` is made of."""

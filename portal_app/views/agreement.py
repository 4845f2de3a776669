"""What am I signing for my company? The reseller agreement, in four steps; then what was signed."""

from portal_app.signing import walk

walk.draw()

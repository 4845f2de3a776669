"""What am I signing? The NDA, in four steps."""

from portal_app.signing import walk

walk.draw()

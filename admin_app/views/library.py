"""Documents: who can see what, and who took what?"""

from uuid import UUID

import streamlit as st

from admin_app.library import going, listing, one_space, seen
from core.library.rows import SpaceNotFound


def named(param: str) -> UUID | None:
    """What the address asks for; None when it names nothing."""
    try:
        return UUID(st.query_params.get(param, ""))
    except ValueError:
        return None


if document_id := named("seen"):
    seen.draw(document_id)
elif space_id := named("space"):
    one_space.draw(space_id)
elif "space" in st.query_params or "seen" in st.query_params:
    st.error(SpaceNotFound().message, icon=":material/block:")
    going.back("All spaces")
else:
    listing.draw()

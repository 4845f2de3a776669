"""What the Engagement screen says when nobody has read anything in the time looked at."""

from admin_app.widgets.empty_state import empty_state


def nobody_read(span: str) -> None:
    """Say that nobody read in these ``span`` ("days", "months"), and what helps."""
    empty_state(
        f"Nobody has read a proposal in these {span}. Choose a longer period, or send an invitation.",
        action="Go to the board",
        page="views/partnerships.py",
        icon=":material/auto_stories:",
    )

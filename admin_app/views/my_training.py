"""What must I learn, where do I stand, and which certificates do I hold?"""

from functools import partial

from admin_app import shell
from core.i18n import t
from training_view.learner import Learner
from training_view.page import draw

draw(
    Learner(
        title=t("page.my_training"),
        language="en",
        zone=shell.here().zone,
        read=shell.read,
        act=partial(shell.act, done=""),
        refused=lambda: shell.refusal() or "",
    )
)

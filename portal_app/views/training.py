"""What must I learn, where do I stand, and which certificates do I hold?"""

from core.i18n import t
from portal_app import shell
from training_view.learner import Learner
from training_view.page import draw

reader = shell.actor()
language = shell.language_chosen(reader.language)
draw(
    Learner(
        title=t("portal.training", language),
        language=language,
        zone=shell.desk().time_zone,
        read=shell.read,
        act=shell.attempt,
        refused=shell.refused,
        writes=reader.viewer is None,
        query={"lang": language},
    )
)

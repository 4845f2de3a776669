"""Who is reading, what holds them, where do they stop, whom do I call today?"""

import streamlit as st

from admin_app import shell
from admin_app.reading import by_partner, filters, now, over_time
from admin_app.reading.asked import asked
from admin_app.widgets.heading import heading
from core.engagement.overview import choices

offered = shell.read(choices)
looked_at = asked(st.query_params, today=offered.today)
heading("Engagement", facts=filters.sentence(looked_at))
filters.row(looked_at, offered)

VIEWS = {"now": ("Now", now.draw), "partners": ("By partner", by_partner.draw), "time": ("Over time", over_time.draw)}
VIEWS[filters.view({name: label for name, (label, _) in VIEWS.items()})][1](looked_at)

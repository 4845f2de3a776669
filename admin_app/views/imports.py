"""Which partners, people and deals stand in a table elsewhere, and which lines of it can be taken over?"""

import streamlit as st

from admin_app import shell
from admin_app.importing import choosing, running
from admin_app.widgets.heading import heading
from core.deals.catalogue_queries import products, territories
from core.imports.columns import What
from core.imports.service import Fate

heading(
    "Import", facts="From CSV or Excel, Salesforce's own exports included. Nothing is kept before you have seen it."
)

table = choosing.table()
read_as = choosing.columns(table) if table else None
if table is None or read_as is None:
    st.caption("Begin with the partners, then their contacts, then the deals: each names the ones before.")
    st.stop()

what = read_as[0]
is_deals = what is What.DEALS
chosen = choosing.choices(
    what,
    products={row.id: f"{row.code} · {row.name}" for row in shell.read(products) if not row.withdrawn_at}
    if is_deals
    else {},
    territories={row.id: row.name for row in shell.read(territories) if not row.withdrawn_at} if is_deals else {},
)
done = running.carried_out(what, table, chosen)
results = done if done is not None else running.tried(what, table, chosen)
if results is None:
    st.stop()

lines = running.counted(results)
with st.container(horizontal=True):
    st.metric("Imported" if done else "Can be imported", lines[Fate.ADDED], border=True)
    st.metric("There already, left as they are", lines[Fate.THERE], border=True)
    st.metric("Refused", lines[Fate.REFUSED], border=True)
if done is not None:
    st.success(f"{lines[Fate.ADDED]} of {len(results)} lines were imported.", icon=":material/check:")
elif lines[Fate.ADDED]:
    st.button(
        f"Import {lines[Fate.ADDED]} of {len(results)} lines", type="primary", icon=":material/upload:",
        on_click=running.order,
    )  # fmt: skip
else:
    st.info("No line can be imported. Correct the file and choose it again.", icon=":material/info:")
if lines[Fate.REFUSED]:
    st.subheader("Refused lines", anchor=False)
    st.caption("Correct them in the file and choose it again: what is there already is left as it is.")
    st.dataframe(running.refused(results), hide_index=True, height="content")

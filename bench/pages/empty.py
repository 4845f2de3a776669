"""A page with a title and nothing else: what any page of the same process costs at least."""

import streamlit as st

st.title("Empty", anchor=False)

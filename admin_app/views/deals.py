"""Deals: what is sold, and in which state?"""

import streamlit as st

st.title("Deals")

"""The front door of both apps: who gets in, what every answer carries, and the plain pages before Streamlit."""

"""What is proposed to a partner, and the links that open it."""

"""The admin app: what the company's own people see."""

"""Mail: what is said, the outbox that keeps it, and the way it leaves."""

"""What Partnerdesk does and remembers, with no user interface in it."""

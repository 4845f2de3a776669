"""Taking over what stands in tables elsewhere: partners, their people, their deals."""

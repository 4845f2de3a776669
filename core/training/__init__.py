"""Training: modules with a quiz, attempts, and certifications that last."""

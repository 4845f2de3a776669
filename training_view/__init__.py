"""Training as it is shown: the learner's pages in both apps, and the author's preview, are these drawings."""

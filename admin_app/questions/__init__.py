"""The page of questions: the inbox, one thread, what is published, what is kept ready."""

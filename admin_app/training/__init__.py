"""The author's side of training: what the pages ``training`` and ``training_module`` are made of."""

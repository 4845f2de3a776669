"""The portal: what partners see."""

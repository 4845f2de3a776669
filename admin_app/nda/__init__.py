"""The pages of the NDA: the register, one NDA with its evidence, the text, and what stands on a partner's page."""

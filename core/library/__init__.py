"""The library: spaces of documents for resellers, and who may see which."""

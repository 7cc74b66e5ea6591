"""A start that passes, with what is left to write named."""

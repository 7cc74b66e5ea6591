"""What only this book knows: checks of its data, and the textbook models that its chapters compute with."""

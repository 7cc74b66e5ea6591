"""What a chapter imports; it runs in a browser too, with pandas and Altair only."""

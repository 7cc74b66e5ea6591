"""What leaves the house: the site and its editions."""

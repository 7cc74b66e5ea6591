"""Building: the site, previews of its pages, and the editions."""

"""Python in a page: `gather` brings the runtime together, `packages` what it installs, `cells` runs in it."""

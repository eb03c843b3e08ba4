"""What stands between the page and whoever else may ask: another site, another user, another host, too much."""

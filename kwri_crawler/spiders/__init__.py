"""Where to go next: one spider a portal, made from the catalogue."""

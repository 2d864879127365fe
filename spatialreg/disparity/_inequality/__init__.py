"""How unequal the regions are, in one year and over the years, and whether that changed."""

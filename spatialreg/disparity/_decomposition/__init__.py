"""What inequality consists of: groups of regions, sources of income, and causes of change."""

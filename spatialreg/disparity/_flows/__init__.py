"""Who gives to whom."""

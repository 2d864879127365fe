"""Public services, infrastructure and living standards: indices of many items, and gaps."""

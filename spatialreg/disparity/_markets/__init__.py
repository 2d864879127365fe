"""Whether prices move together, as in one market."""

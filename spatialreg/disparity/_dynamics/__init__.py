"""How the whole distribution moves: chains of classes, densities, modes and ranks."""

"""Where industries stand and what regions live on."""

"""Whether targets will be met, and gaps that widen."""

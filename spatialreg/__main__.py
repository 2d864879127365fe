"""``python -m spatialreg`` is the command ``spatialreg``."""

from .cli import main

main()

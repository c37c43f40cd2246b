"""The command line without its command: python -m sim.cli."""

from sim.cli import main

main()

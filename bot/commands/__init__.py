"""The commands, a file for each thing that people ask for; `bot/cli.py` registers them."""

"""The services: each knows ports only; `main.py` of each wires adapters to them."""

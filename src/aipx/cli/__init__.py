"""The command line: commands, the demo's composition, and what a person sees of it."""

"""What every process needs around its services: clocks, loops, logs, measures, task groups."""

"""What the services need of the world, as Protocols; adapters and the simulator fulfil them."""

"""The platform as it ships, on virtual time: seeded stories, judged by the simulator's books."""

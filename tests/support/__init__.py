"""What tests share: builders, fakes of ports, real data."""

"""The KIS simulator: an exchange with generated order flow, and KIS's own surface around it."""

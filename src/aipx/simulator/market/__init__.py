"""Making a market day: daily bars, their plan of order flow, and the book it runs on."""

"""AIPX: a trading platform for Korean equities on the KIS Open API."""

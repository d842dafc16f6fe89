"""Gendan 跟单: from the first question to the customer's door."""

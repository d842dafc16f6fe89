"""Figures about orders, money, parcels and people."""

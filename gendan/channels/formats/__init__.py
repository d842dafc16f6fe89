"""The order files that Gendan knows, one module for each platform."""

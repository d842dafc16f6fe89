"""From records to orders: staging, then one act for a whole chunk of orders."""

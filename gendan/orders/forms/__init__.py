"""What is typed into the pages of orders, read into what the actions take."""

"""Everything that people, jobs, customers and carriers can do to orders, room by room."""

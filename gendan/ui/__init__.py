"""The page frame, the components and the one list that every room shares."""

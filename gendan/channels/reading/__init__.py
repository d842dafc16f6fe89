"""Reading order files: from bytes on disk to records and named mistakes, without a database."""

"""Questions about shipments and waves."""

"""查单: what left the house against what was ordered, told and carried. See docs/reconciling.md."""

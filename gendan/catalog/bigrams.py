"""The SQL function behind `Bigrams`. Used by migrations only."""

FUNCTION = """
CREATE FUNCTION catalog_bigrams(value text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT coalesce(array_agg(DISTINCT substr(v, i, 2)), '{}')
  FROM (SELECT lower(value) AS v) s, generate_series(1, greatest(length(v) - 1, 1)) i
$$;
"""

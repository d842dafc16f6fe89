"""Telling rows again from the journal: what it says of them must lead to what stands there."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

# Each change takes a row from one stage to the next, so all the changes of a row, added up, lead
# from the stage and the moment at which it came to those at which it stands. Adding up needs no
# order. Words and moments are added up by their hashes; a change that the journal wrote for a
# connection of another time zone has other words for its moment, so what does not agree is only
# doubtful, and told again by the clock.
DOUBTFUL = """
WITH told AS (
  SELECT subject_id AS id,
    sum(CASE operation WHEN 'I' THEN 1 WHEN 'U' THEN 0 ELSE 1000 END) AS ways,
    sum(coalesce(hashtext(after->>'stage')::bigint, 0)
      - coalesce(hashtext(before->>'stage'), 0)) AS step,
    sum(coalesce(hashtext(after->>'stage_since')::bigint, 0)
      - coalesce(hashtext(before->>'stage_since'), 0)) AS since
  FROM journal_change WHERE subject = {code} GROUP BY subject_id
)
SELECT coalesce(j.id, t.id) FROM told j FULL JOIN {table} t ON t.id = j.id
WHERE (j.ways = 1
  AND hashtext(t.stage) - j.step IN (SELECT hashtext(s) FROM unnest(%s::text[]) s)
  AND hashtext(to_jsonb(t.stage_since)#>>'{{}}')::bigint
    - hashtext(to_jsonb(t.made_at)#>>'{{}}') = j.since) IS NOT TRUE
"""

# Moments are compared to the millisecond.
RETELL = """
WITH told AS (
  SELECT subject_id AS id,
    count(*) FILTER (WHERE operation = 'I') AS came,
    count(*) FILTER (WHERE operation = 'D') AS went,
    coalesce(sum(hashtext(after->>'stage')::bigint), 0)
      - coalesce(sum(hashtext(before->>'stage')::bigint) FILTER (WHERE operation = 'U'), 0) AS step,
    coalesce(sum(date_part('epoch', (after->>'stage_since')::timestamptz)), 0)
      - coalesce(sum(date_part('epoch', (before->>'stage_since')::timestamptz))
          FILTER (WHERE operation = 'U'), 0) AS seconds
  FROM journal_change WHERE subject = {code} AND subject_id = ANY (%(doubtful)s)
  GROUP BY subject_id
), compared AS (
  SELECT coalesce(t.number, '#' || id) AS number, coalesce(j.came, 0) AS came, t.stage,
    t.stage IS NULL AND j.went = 0 AS is_lost,
    t.stage IS NOT NULL AND coalesce(j.came, 0) <> 1 AS is_unknown,
    t.stage IS NOT NULL AND (
      hashtext(t.stage) - coalesce(j.step, 0) NOT IN (
        SELECT hashtext(s) FROM unnest(%(stages)s::text[]) s)
      OR abs(date_part('epoch', t.stage_since) - date_part('epoch', t.made_at)
        - coalesce(j.seconds, 0)) > 0.001
    ) AS is_broken
  FROM unnest(%(doubtful)s) id LEFT JOIN told j USING (id) LEFT JOIN {table} t USING (id)
)
SELECT '{subject}', c.number, n.what, n.expected, n.found
FROM compared c CROSS JOIN LATERAL (VALUES
  ('as the journal tells it', 'to be there', 'nothing', c.is_lost),
  ('how it came, in the journal', '1', c.came::text, c.is_unknown),
  ('changes of its stage in the journal', 'all that lead to ' || c.stage, 'others', c.is_broken)
) n (what, expected, found, is_wrong)
WHERE (c.is_lost OR c.is_unknown OR c.is_broken) AND n.is_wrong
"""


def retold(table: str, subject: str, stages: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return what a table with numbers and stages and its journal differ in.

    The rows are as `findings()` takes them.
    """
    with connection.cursor() as cursor:
        # Asked first: the planner has to know how much of the journal is about this table.
        cursor.execute("SELECT id FROM journal_subject WHERE name = %s", [table])
        names = {"table": table, "subject": subject, "code": cursor.fetchone()[0]}
        cursor.execute(DOUBTFUL.format(**names), [list(stages)])
        if not (doubtful := [row for (row,) in cursor.fetchall()]):
            return []
        cursor.execute(RETELL.format(**names), {"doubtful": doubtful, "stages": list(stages)})
        return list(cursor.fetchall())

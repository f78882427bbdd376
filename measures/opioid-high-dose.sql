-- Of the episodes of opioid-early (none for 60 days before) in which an opioid was prescribed within 42 days: the highest
-- daily dose of any of those orders, each judged as of its day with every other opioid that was in use. A medicine that nobody
-- can name may be one.
WITH given AS (
  SELECT i.id, v.mme_low, v.mme_high
  FROM episodes i
  JOIN (SELECT subject FROM measured WHERE measure = 'opioid-early' AND variant = 'within 42 days' AND status = 'met') m ON m.subject = i.id
  JOIN verdicts v ON v.patient = i.patient AND v.kind IN ('opioid', 'not named') AND v.day BETWEEN i.day AND i.day + 42
)
SELECT id AS subject, variant,
  CASE WHEN bool_or(reaches) THEN 'met' WHEN bool_or(may_reach) THEN 'unknown: dose' ELSE 'not met' END AS status
FROM (
  SELECT id, 'at least 50 MME a day' AS variant, coalesce(mme_low >= 50, false) AS reaches, coalesce(mme_high >= 50, true) AS may_reach FROM given
  UNION ALL
  SELECT id, 'over 120 MED a day', coalesce(mme_low > 120, false), coalesce(mme_high > 120, true) FROM given
)
GROUP BY id, variant

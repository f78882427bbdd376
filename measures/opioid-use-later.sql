-- Of the episodes of opioid-early (none for 60 days before) in which an opioid was filled within 42 days.
WITH first_fill AS (
  SELECT i.id, i.patient, i.day, min(o.day) AS first_day
  FROM episodes i
  JOIN (SELECT subject FROM measured WHERE measure = 'opioid-early' AND variant = 'within 42 days' AND status = 'met') m ON m.subject = i.id
  JOIN opioids o ON o.patient = i.patient AND o.kind = 'fill' AND o.day BETWEEN i.day AND i.day + 42
  GROUP BY i.id, i.patient, i.day
), fills AS (
  -- One fill a day and product, however many of its codings are read.
  SELECT f.id, f.day AS index_day, f.first_day, o.day, max(CAST(round(coalesce(o.supply_days, 0)) AS INTEGER)) AS supply
  FROM first_fill f JOIN opioids o ON o.patient = f.patient AND o.kind = 'fill' AND o.day BETWEEN f.first_day AND f.day + 180
  GROUP BY f.id, f.day, f.first_day, o.day, o.id
), later AS (
  SELECT id, bool_or(day > first_day AND day <= first_day + 30) AS refilled,
    -- Days from 90 to 180 that each supply covers.
    sum(CASE WHEN day + supply > index_day + 90
      THEN CAST(least(day + supply, index_day + 181) - greatest(day, index_day + 90) AS INTEGER) ELSE 0 END) AS days_at_hand
  FROM fills GROUP BY id
)
SELECT id AS subject, v.variant,
  CASE WHEN (v.variant = 'filled again within 30 days' AND refilled)
         OR (v.variant = '60 days of supply from day 90 to 180' AND days_at_hand >= 60) THEN 'met' ELSE 'not met' END AS status
FROM later CROSS JOIN (VALUES ('filled again within 30 days'), ('60 days of supply from day 90 to 180')) AS v(variant)

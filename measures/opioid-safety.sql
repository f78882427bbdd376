-- Of the episodes of opioid-early (none for 60 days before) in which an opioid was prescribed or filled within 42 days.
WITH given AS (
  SELECT i.id, i.patient, min(o.day) AS first_day, max(o.supply_days) AS most,
         bool_or(k.er) AS long_acting
  FROM episodes i
  JOIN (SELECT subject FROM measured WHERE measure = 'opioid-early' AND variant = 'within 42 days' AND status = 'met') m ON m.subject = i.id
  JOIN opioids o ON o.patient = i.patient AND o.day BETWEEN i.day AND i.day + 42
  LEFT JOIN (SELECT code, true AS er FROM long_acting) k ON k.code = o.code
  GROUP BY i.id, i.patient
), beside AS (
  -- At least one day on which both were at hand, by their supply.
  SELECT DISTINCT g.id
  FROM given g
  JOIN opioids o ON o.patient = g.patient AND o.day >= g.first_day AND o.day <= g.first_day + 42
  JOIN events b ON b.patient = g.patient AND b.kind IN ('prescription', 'fill')
    AND b.value_set = 'f1-benzodiazepines-and-sedatives' AND b.grp = 'benzodiazepine'
  WHERE b.day < o.day + CAST(round(coalesce(o.supply_days, 1)) AS INTEGER) AND o.day < b.day + CAST(round(coalesce(b.supply_days, 1)) AS INTEGER)
)
SELECT id AS subject, v.variant,
  CASE
    WHEN v.variant LIKE 'supply%' AND g.most IS NULL THEN 'unknown: days of supply'
    WHEN v.variant = 'supply over 7 days' AND g.most > 7 THEN 'met'
    WHEN v.variant = 'supply over 14 days' AND g.most > 14 THEN 'met'
    WHEN v.variant = 'with a benzodiazepine' AND g.id IN (SELECT id FROM beside) THEN 'met'
    WHEN v.variant = 'long-acting' AND g.long_acting THEN 'met'
    ELSE 'not met'
  END AS status
FROM given g CROSS JOIN (VALUES ('supply over 7 days'), ('supply over 14 days'), ('with a benzodiazepine'), ('long-acting')) AS v(variant)

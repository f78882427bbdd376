WITH done AS (
  SELECT i.id, min(e.day) AS first_day
  FROM episodes i JOIN events e ON e.patient = i.patient AND e.day BETWEEN i.day AND i.day + 365
  WHERE e.kind = 'service' AND e.value_set = 'e1-conservative-care-services' AND e.grp = 'spinal-injection'
  GROUP BY i.id
)
SELECT i.id AS subject, 'within ' || v.days || ' days' AS variant,
  CASE
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 THEN 'excluded: age'
    WHEN x.at_index IS NOT NULL THEN 'excluded: red flag'
    WHEN d.first_day <= i.day + v.days THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i CROSS JOIN (VALUES (42), (90), (365)) AS v(days)
LEFT JOIN left_out x ON x.id = i.id
LEFT JOIN done d ON d.id = i.id

SELECT i.id AS subject, 'within 42 days' AS variant,
  CASE
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 THEN 'excluded: age'
    WHEN d.id IS NOT NULL AND x.by_42 IS NULL THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i
LEFT JOIN left_out x ON x.id = i.id
LEFT JOIN (
  SELECT DISTINCT i.id FROM episodes i JOIN imaging_done m ON m.patient = i.patient AND m.day BETWEEN i.day AND i.day + 42
) d ON d.id = i.id

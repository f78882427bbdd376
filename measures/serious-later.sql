SELECT i.id AS subject, 'within 90 days' AS variant,
  CASE
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 THEN 'excluded: age'
    WHEN x.at_index IS NOT NULL THEN 'excluded: red flag'
    WHEN EXISTS (
      SELECT 1 FROM serious s WHERE s.patient = i.patient AND s.day BETWEEN i.day + 1 AND i.day + 90
    ) THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i LEFT JOIN left_out x ON x.id = i.id

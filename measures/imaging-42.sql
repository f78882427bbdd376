SELECT i.id AS subject, 'within 42 days' AS variant,
  CASE
    WHEN NOT i.is_principal THEN 'excluded: back pain was not the first diagnosis'
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 OR i.age > 75 THEN 'excluded: age'
    WHEN n.is_enrolled IS NULL THEN 'unknown: enrollment'
    WHEN NOT n.is_enrolled THEN 'excluded: not enrolled'
    WHEN x.by_28 IS NOT NULL THEN 'excluded: ' || x.by_28
    WHEN o.id IS NOT NULL THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i
LEFT JOIN enrollment n ON n.id = i.id
LEFT JOIN left_out x ON x.id = i.id
LEFT JOIN (
  SELECT DISTINCT i.id FROM episodes i JOIN imaging_orders o ON o.patient = i.patient AND o.day BETWEEN i.day AND i.day + 42
) o ON o.id = i.id

WITH kinds(variant, grp) AS (
  VALUES ('any within 42 days', 'chiropractic-manipulation'), ('any within 42 days', 'acupuncture'), ('any within 42 days', 'massage'),
         ('chiropractic within 42 days', 'chiropractic-manipulation'), ('acupuncture within 42 days', 'acupuncture'),
         ('massage within 42 days', 'massage')
), had AS (
  SELECT DISTINCT i.id, k.variant
  FROM episodes i JOIN events e ON e.patient = i.patient AND e.day BETWEEN i.day AND i.day + 42
  JOIN kinds k ON k.grp = e.grp
  WHERE e.kind = 'service' AND e.value_set = 'e1-conservative-care-services'
)
SELECT i.id AS subject, v.variant,
  CASE
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 THEN 'excluded: age'
    WHEN h.id IS NOT NULL THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i CROSS JOIN (SELECT DISTINCT variant FROM kinds) v
LEFT JOIN had h ON h.id = i.id AND h.variant = v.variant

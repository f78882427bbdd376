WITH referred AS (
  SELECT i.id, min(e.day) AS first_day
  FROM episodes i JOIN events e ON e.patient = i.patient AND e.day BETWEEN i.day AND i.day + 42
  WHERE e.kind = 'order' AND e.value_set = 'e1-conservative-care-services' AND e.grp = 'pt-referral'
  GROUP BY i.id
)
SELECT i.id AS subject, 'within ' || v.days || ' days' AS variant,
  CASE
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 THEN 'excluded: age'
    WHEN r.first_day <= i.day + v.days THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i CROSS JOIN (VALUES (14), (28), (42)) AS v(days)
LEFT JOIN referred r ON r.id = i.id

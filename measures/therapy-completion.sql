-- Of adults with a referral within 42 days of the index visit.
WITH referred AS (
  SELECT i.id, i.patient, min(e.day) AS day
  FROM episodes i JOIN events e ON e.patient = i.patient AND e.day BETWEEN i.day AND i.day + 42
  WHERE i.age >= 18 AND e.kind = 'order' AND e.value_set = 'e1-conservative-care-services' AND e.grp = 'pt-referral'
  GROUP BY i.id, i.patient
)
SELECT r.id AS subject, 'within 30 days' AS variant,
  CASE WHEN EXISTS (
    SELECT 1 FROM events e WHERE e.patient = r.patient AND e.kind = 'service'
      AND e.value_set = 'e1-conservative-care-services' AND e.grp = 'pt-service' AND e.day BETWEEN r.day AND r.day + 30
  ) THEN 'met' ELSE 'not met' END AS status
FROM referred r

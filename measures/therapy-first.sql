-- Of adults with a therapy visit within 84 days of the index visit.
WITH treated AS (
  SELECT i.id, i.patient, i.day AS begins, min(e.day) AS day
  FROM episodes i JOIN events e ON e.patient = i.patient AND e.day BETWEEN i.day AND i.day + 84
  WHERE i.age >= 18 AND e.kind = 'service' AND e.value_set = 'e1-conservative-care-services' AND e.grp = 'pt-service'
  GROUP BY i.id, i.patient, i.day
)
SELECT t.id AS subject, 'before imaging' AS variant,
  CASE WHEN EXISTS (
    SELECT 1 FROM imaging_done m WHERE m.patient = t.patient AND m.day BETWEEN t.begins AND t.day
  ) THEN 'not met' ELSE 'met' END AS status
FROM treated t

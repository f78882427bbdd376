WITH given AS (
  SELECT i.id FROM episodes i JOIN handouts h ON h.patient = i.patient
  WHERE h.encounter = i.encounter OR try_cast(rpad(h.sent, 10, '?') AS DATE) = i.day
  UNION
  SELECT i.id FROM episodes i JOIN events e ON e.patient = i.patient AND e.day = i.day AND e.kind = 'service'
  WHERE e.value_set = 'g4-education' OR (e.value_set = 'e1-conservative-care-services' AND e.grp IN ('education-self-management', 'pt-education'))
)
SELECT i.id AS subject, 'at the index visit' AS variant,
  CASE
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 THEN 'excluded: age'
    WHEN i.id IN (SELECT id FROM given) THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i

SELECT i.id AS subject, 'within 30 days' AS variant,
  CASE
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 THEN 'excluded: age'
    WHEN EXISTS (
      SELECT 1 FROM encounters e WHERE e.patient = i.patient AND e.class = 'EMER' AND e.id <> i.encounter
        AND try_cast(rpad(e.begins, 10, '?') AS DATE) BETWEEN i.day + 1 AND i.day + 30
    ) THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i

-- Of adults to whom a handout was given at the index visit.
SELECT i.id AS subject, 'as preferred' AS variant,
  CASE
    WHEN i.language IS NULL THEN 'unknown: preferred language'
    WHEN bool_and(h.language IS NULL) THEN 'unknown: language of the handout'
    WHEN bool_or(split_part(h.language, '-', 1) = split_part(i.language, '-', 1)) THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i JOIN handouts h ON h.patient = i.patient AND (h.encounter = i.encounter OR try_cast(rpad(h.sent, 10, '?') AS DATE) = i.day)
WHERE i.age >= 18
GROUP BY i.id, i.language

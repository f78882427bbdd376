-- One row an episode: subject, variant, status.
SELECT i.id AS subject, 'within 28 days' AS variant,
  CASE
    WHEN NOT i.is_principal THEN 'excluded: back pain was not the first diagnosis'
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 OR i.age > 75 THEN 'excluded: age'
    WHEN n.is_enrolled IS NULL THEN 'unknown: enrollment'
    WHEN NOT n.is_enrolled THEN 'excluded: not enrolled'
    WHEN x.by_28 IS NOT NULL THEN 'excluded: ' || x.by_28
    WHEN d.for_back_pain THEN 'met'
    WHEN d.unsaid THEN 'unknown: the study names no reason'
    ELSE 'not met'
  END AS status
FROM episodes i
LEFT JOIN enrollment n ON n.id = i.id
LEFT JOIN left_out x ON x.id = i.id
LEFT JOIN (
  SELECT i.id, bool_or(m.is_for_back_pain) AS for_back_pain, bool_or(NOT m.has_reason) AS unsaid
  FROM episodes i JOIN imaging_done m ON m.patient = i.patient AND m.day BETWEEN i.day AND i.day + 28
  GROUP BY i.id
) d ON d.id = i.id

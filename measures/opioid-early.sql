WITH last_before AS (
  -- Day of the last opioid before the index visit, filled or, where no fill is known, prescribed.
  SELECT i.id, max(o.day) AS last_day
  FROM episodes i JOIN opioids o ON o.patient = i.patient AND o.day BETWEEN i.day - 365 AND i.day - 1 AND o.kind = 'fill'
  GROUP BY i.id
), first_after AS (
  SELECT i.id, min(o.day) AS first_day
  FROM episodes i JOIN opioids o ON o.patient = i.patient AND o.day BETWEEN i.day AND i.day + 42
  GROUP BY i.id
), other_reasons AS (
  SELECT i.id, min(CASE
      WHEN e.value_set = 'd01-redflag-cancer' AND e.grp <> 'nonmelanoma-skin' THEN 'cancer'
      WHEN e.value_set = 'd15-exclusion-sickle-cell' AND e.grp = 'sickle-cell-disease' THEN 'sickle cell disease'
      WHEN e.value_set = 'd14-exclusion-palliative-hospice' THEN 'hospice or palliative care'
      WHEN e.value_set = 'd12-prior-lumbar-surgery' AND e.kind = 'service' AND e.day >= i.day - 90 THEN 'lumbar surgery'
      WHEN e.value_set IN ('c1-opioid-ingredients', 'c2-opioid-clinical-drugs') AND e.grp IN ('oud-treatment', 'oud-buprenorphine', 'methadone-oud-form') THEN 'treatment of opioid use disorder'
    END) AS why
  FROM episodes i JOIN events e ON e.patient = i.patient AND e.day <= i.day
  GROUP BY i.id
), variants(variant, days, naive) AS (
  VALUES ('within 3 days', 3, 60), ('within 7 days', 7, 60), ('within 14 days', 14, 60), ('within 28 days', 28, 60),
         ('within 42 days', 42, 60), ('within 28 days, none for 180', 28, 180), ('within 28 days, none for 365', 28, 365)
)
SELECT i.id AS subject, v.variant,
  CASE
    WHEN i.age IS NULL THEN 'unknown: age'
    WHEN i.age < 18 THEN 'excluded: age'
    WHEN r.why IS NOT NULL THEN 'excluded: ' || r.why
    WHEN b.last_day >= i.day - v.naive THEN 'excluded: opioid before'
    WHEN a.first_day <= i.day + v.days THEN 'met'
    ELSE 'not met'
  END AS status
FROM episodes i CROSS JOIN variants v
LEFT JOIN last_before b ON b.id = i.id
LEFT JOIN first_after a ON a.id = i.id
LEFT JOIN other_reasons r ON r.id = i.id

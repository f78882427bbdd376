-- Each image that was ordered in the 180 days from the index visit on and judged as not needed now, as of its day, by the
-- service's own rules; and what was first coded in the 90 days after the order.
SELECT id AS subject, variant,
  CASE WHEN bool_or(later AND (done OR variant = 'within 90 days')) THEN 'met' ELSE 'not met' END AS status
FROM (
  SELECT i.id,
    EXISTS (SELECT 1 FROM serious s WHERE s.patient = v.patient AND s.day BETWEEN v.day + 1 AND v.day + 90) AS later,
    EXISTS (SELECT 1 FROM imaging_done d WHERE d.request = v.id) AS done
  FROM episodes i JOIN verdicts v ON v.patient = i.patient AND v.not_needed AND v.day BETWEEN i.day AND i.day + 180
)
CROSS JOIN (VALUES ('within 90 days'), ('within 90 days, the image done')) AS w(variant)
GROUP BY id, variant

-- One row a study that was done. The verdicts are those of the pathway's own rules for the order as of its day (table verdicts).
SELECT d.id AS subject, 'done' AS variant, coalesce(v.need, 'not classed: no order in the export') AS status, d.patient, d.code, d.day
FROM imaging_done d
CROSS JOIN period p
LEFT JOIN verdicts v ON v.id = d.request
WHERE d.day BETWEEN p.first_day AND p.last_day + 120

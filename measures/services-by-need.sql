-- One row a study that was done. The verdicts are those of the pathway's own rules for the order as of its day (table verdicts).
SELECT d.id AS subject, 'done' AS variant, coalesce(v.need, 'not classed: no order in the export') AS status, d.patient, d.code, d.day
FROM imaging_done d
LEFT JOIN verdicts v ON v.id = d.request
WHERE d.day BETWEEN getvariable('period_start') AND getvariable('period_end') + 120

-- What happened to each patient, by day and group of our value sets; every code as the service itself reads it.
-- Beside the views it needs `coded` (system, code, value_set, grp). DuckDB and Spark both run this: what stands here is in both.
-- A date is a day only if it is whole: `rpad` cuts off a time, and makes of `2024-05` what no database takes for a day.
CREATE TABLE events AS
SELECT patient, kind, id, encounter, day, value_set, grp, code, min(supply_days) AS supply_days,
       min(clinician) AS clinician, min(request) AS request
FROM (
  SELECT c.patient, 'diagnosis' AS kind, c.id, c.encounter,
         coalesce(try_cast(rpad(c.recorded, 10, '?') AS DATE), try_cast(rpad(c.onset, 10, '?') AS DATE)) AS day,
         k.value_set, k.grp, c.code, NULL::DOUBLE AS supply_days, NULL::STRING AS clinician, NULL::STRING AS request
  FROM conditions c JOIN coded k ON k.system IS NOT DISTINCT FROM c.system AND k.code = c.code
  WHERE coalesce(c.verification, '') NOT IN ('refuted', 'entered-in-error', 'differential')
  UNION ALL
  SELECT p.patient, 'service', p.id, p.encounter,
         coalesce(try_cast(rpad(p.performed, 10, '?') AS DATE), try_cast(rpad(p.begun, 10, '?') AS DATE)),
         k.value_set, k.grp, p.code, NULL, NULL, p.ordered_by
  FROM procedures p JOIN coded k ON k.system IS NOT DISTINCT FROM p.system AND k.code = p.code
  UNION ALL
  SELECT s.patient, 'order', s.id, NULL, try_cast(rpad(s.authored, 10, '?') AS DATE),
         k.value_set, k.grp, s.code, NULL, s.clinician, NULL
  FROM service_requests s JOIN coded k ON k.system IS NOT DISTINCT FROM s.system AND k.code = s.code
  UNION ALL
  SELECT m.patient, 'prescription', m.id, NULL, try_cast(rpad(m.authored, 10, '?') AS DATE),
         k.value_set, k.grp, m.code, m.supply_days, m.clinician, NULL
  FROM medication_requests m JOIN coded k ON k.system IS NOT DISTINCT FROM m.system AND k.code = m.code
  UNION ALL
  SELECT d.patient, 'fill', d.id, NULL, try_cast(rpad(d.handed_over, 10, '?') AS DATE),
         k.value_set, k.grp, d.code, d.supply_days, NULL, d.request
  FROM medication_dispenses d JOIN coded k ON k.system IS NOT DISTINCT FROM d.system AND k.code = d.code
)
-- Two codings of one entry are one entry.
GROUP BY patient, kind, id, encounter, day, value_set, grp, code;

-- An opioid for pain, by prescription or fill; value sets c1 and c2 without treatment of use disorder, cough and injection.
CREATE VIEW opioids AS
SELECT * FROM events
WHERE kind IN ('prescription', 'fill') AND (
  (value_set = 'c2-opioid-clinical-drugs' AND grp IN ('analgesic', 'analgesic-buprenorphine', 'methadone-pain-or-oud', 'transmucosal-fentanyl', 'headache-combination'))
  OR (value_set = 'c1-opioid-ingredients' AND grp IN ('analgesic', 'analgesic-antitussive', 'analgesic-combination', 'analgesic-or-oud')));

-- Lumbar imaging that was done. One study a patient, day and code, however many entries tell of it.
CREATE TABLE imaging_done AS
SELECT e.patient, e.day, e.code, min(e.id) AS id, min(e.request) AS request,
       bool_or(k.value_set IS NOT NULL) AS is_for_back_pain, bool_or(p.has_reason) AS has_reason
FROM events e
JOIN procedures p ON p.id = e.id
LEFT JOIN procedure_reasons r ON r.id = e.id
LEFT JOIN coded k ON k.system IS NOT DISTINCT FROM r.system AND k.code = r.code AND k.value_set = 'a1-lbp-diagnoses'
WHERE e.kind = 'service' AND e.value_set = 'b1-lumbar-imaging-orders'
GROUP BY e.patient, e.day, e.code;

CREATE TABLE imaging_orders AS
SELECT patient, id, day, code, clinician, min(grp) AS grp FROM events
WHERE kind = 'order' AND value_set = 'b1-lumbar-imaging-orders' AND day IS NOT NULL
GROUP BY patient, id, day, code, clinician;

-- Visits for back pain: a diagnosis of the visit, or a reason that it names, is in value set a1.
CREATE TABLE contacts AS
SELECT e.patient, e.id AS encounter, try_cast(rpad(e.begins, 10, '?') AS DATE) AS day, e.class, e.clinician, e.clinic,
       -- Where no visit's diagnosis is ranked, nobody can tell which was first: it is taken, and counted.
       bool_or(NOT coalesce(e.is_ranked, false) OR coalesce(d.id = e.first_diagnosis, false)) AS is_principal,
       bool_and(NOT coalesce(e.is_ranked, false)) AS is_unranked
FROM encounters e
JOIN (
  SELECT encounter, id FROM events WHERE kind = 'diagnosis' AND value_set = 'a1-lbp-diagnoses' AND encounter IS NOT NULL
  UNION
  SELECT r.id, NULL FROM encounter_reasons r
  JOIN coded k ON k.system IS NOT DISTINCT FROM r.system AND k.code = r.code WHERE k.value_set = 'a1-lbp-diagnoses'
) d ON d.encounter = e.id
WHERE try_cast(rpad(e.begins, 10, '?') AS DATE) IS NOT NULL AND coalesce(e.class, '') NOT IN ('IMP', 'ACUTE', 'NONAC', 'OBSENC')
GROUP BY ALL;

-- The index visit: none for back pain in the 180 days before it.
CREATE TABLE episodes AS
SELECT i.*, p.gender, p.race, p.ethnicity, p.language, p.empaneled,
       year(i.day) - year(p.born)
         - CASE WHEN month(i.day) * 100 + dayofmonth(i.day) < month(p.born) * 100 + dayofmonth(p.born) THEN 1 ELSE 0 END AS age
FROM (
  SELECT encounter AS id, *, lag(day) OVER (PARTITION BY patient ORDER BY day, encounter) AS before FROM contacts
) i
JOIN (SELECT *, try_cast(rpad(birth_date, 10, '?') AS DATE) AS born FROM patients) p ON p.id = i.patient
CROSS JOIN period
WHERE (i.before IS NULL OR i.before < i.day - 180) AND i.day BETWEEN period.first_day AND period.last_day;

-- What leaves an episode out of the imaging measures, and when: days before and after the index visit.
CREATE TABLE exclusions AS
SELECT e.patient, w.why, e.day, w.before, w.after
FROM events e
JOIN (VALUES
  ('d01-redflag-cancer', NULL, 'cancer', 36500, 28), ('d04-redflag-immunosuppression', 'hiv', 'hiv', 36500, 28),
  ('d05-redflag-organ-transplant', NULL, 'transplant', 36500, 28),
  ('d06-redflag-osteoporosis', NULL, 'osteoporosis', 36500, 28),
  ('d11-redflag-inflammatory-vascular-visceral', 'axial-spondyloarthritis', 'spondylopathy', 36500, 28),
  ('d12-prior-lumbar-surgery', NULL, 'lumbar surgery', 36500, 28),
  ('d03-redflag-iv-drug-use', 'injecting', 'injecting drugs', 365, 28),
  ('d08-redflag-cauda-equina', 'cauda-equina', 'cauda-equina', 365, 28),
  ('d08-redflag-cauda-equina', 'saddle-sensory', 'cauda-equina', 365, 28),
  ('d09-redflag-neuro-deficit', 'severe-or-progressive-motor', 'neurologic', 365, 28),
  ('d09-redflag-neuro-deficit', 'myelopathy-or-cord', 'neurologic', 365, 28),
  ('d02-redflag-spinal-infection', 'spinal-infection', 'spinal-infection', 365, 28),
  ('d07-redflag-fracture-and-trauma', 'vertebral-fracture-acute', 'fracture', 90, 28),
  ('d07-redflag-fracture-and-trauma', 'vertebral-collapse-or-pathologic', 'fracture', 90, 28),
  ('d07-redflag-fracture-and-trauma', 'pelvic-fracture', 'fracture', 90, 28),
  ('d07-redflag-fracture-and-trauma', 'major-trauma', 'trauma', 90, 28),
  ('d14-exclusion-palliative-hospice', NULL, 'hospice or palliative care', 365, 28)
) AS w(value_set, grp, why, before, after) ON w.value_set = e.value_set AND (w.grp IS NULL OR w.grp = e.grp)
WHERE e.day IS NOT NULL;

-- 90 days of a systemic steroid in the 366 days that end at the index visit.
INSERT INTO exclusions
SELECT DISTINCT e.patient, 'steroids', i.day, 0, 0
FROM episodes i JOIN events e ON e.patient = i.patient
WHERE e.kind = 'fill' AND e.value_set = 'd10-redflag-prolonged-corticosteroid' AND e.grp = 'systemic-steroid'
  AND e.day BETWEEN i.day - 366 AND i.day
GROUP BY e.patient, i.day HAVING sum(e.supply_days) >= 90;

-- The first reason of each episode, by the days after the index visit that a measure looks at.
CREATE TABLE left_out AS
SELECT i.id, min(x.why) FILTER (WHERE x.day <= i.day) AS at_index,
       min(x.why) FILTER (WHERE x.day <= i.day + 28) AS by_28, min(x.why) AS by_42
FROM episodes i JOIN exclusions x ON x.patient = i.patient AND x.day BETWEEN i.day - x.before AND i.day + x.after + 14
GROUP BY i.id;

-- Covered from 180 days before the index visit to 28 days after it.
CREATE TABLE enrollment AS
SELECT i.id, bool_or(try_cast(rpad(c.begins, 10, '?') AS DATE) <= i.day - 180
               AND coalesce(try_cast(rpad(c.ends, 10, '?') AS DATE), DATE '9999-12-31') >= i.day + 28) AS is_enrolled,
       min(c.payer_type) AS payer_type
FROM episodes i JOIN coverages c ON c.patient = i.patient
WHERE coalesce(try_cast(rpad(c.ends, 10, '?') AS DATE), DATE '9999-12-31') >= i.day
GROUP BY i.id;

-- What the false-alarm rate looks for: a fracture, an infection, a cancer or a cauda equina syndrome of the spine, newly coded.
CREATE TABLE serious AS
SELECT DISTINCT patient, day, id FROM events
WHERE kind = 'diagnosis' AND day IS NOT NULL AND (
  (value_set = 'd01-redflag-cancer' AND grp IN ('metastatic', 'myeloma', 'bone-primary', 'solid-tumor-that-often-spreads-to-bone', 'other-malignancy'))
  OR (value_set = 'd02-redflag-spinal-infection' AND grp = 'spinal-infection')
  OR (value_set = 'd07-redflag-fracture-and-trauma' AND grp IN ('vertebral-fracture-acute', 'vertebral-collapse-or-pathologic', 'pelvic-fracture'))
  OR (value_set = 'd08-redflag-cauda-equina' AND grp IN ('cauda-equina', 'saddle-sensory')));

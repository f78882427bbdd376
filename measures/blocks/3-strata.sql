-- By what each episode is told. "not recorded" is a group of its own, and nobody is put into another.
CREATE TABLE strata AS
WITH visits AS (
  -- Whom the patient saw most in the three years up to the index visit, in a clinic or by telehealth. Which of them is in
  -- primary care no export says.
  SELECT i.id, e.clinician, count(DISTINCT e.id) AS visits, max(try_cast(rpad(e.begins, 10, '?') AS DATE)) AS latest
  FROM episodes i JOIN encounters e ON e.patient = i.patient
    AND try_cast(rpad(e.begins, 10, '?') AS DATE) BETWEEN i.day - 1096 AND i.day
  WHERE e.clinician IS NOT NULL AND coalesce(e.class, '') NOT IN ('EMER', 'IMP', 'ACUTE', 'NONAC', 'OBSENC')
  GROUP BY i.id, e.clinician
), seen AS (
  SELECT id, clinician FROM (
    SELECT id, clinician, row_number() OVER (PARTITION BY id ORDER BY visits DESC, latest DESC, clinician) AS place FROM visits
  ) WHERE place = 1
)
SELECT i.id, i.patient, 'all' AS "all",
  CASE left(n.payer_type, 1) WHEN '1' THEN 'Medicare' WHEN '2' THEN 'Medicaid' WHEN '5' THEN 'commercial'
    WHEN '6' THEN 'commercial' WHEN '8' THEN 'no payer' ELSE CASE WHEN n.payer_type IS NULL THEN 'not recorded' ELSE 'other' END END AS payer,
  coalesce(i.race, 'not recorded') AS race, coalesce(i.ethnicity, 'not recorded') AS ethnicity,
  coalesce(i.language, 'not recorded') AS language, CASE WHEN i.gender IN ('female', 'male', 'other', 'unknown') THEN i.gender ELSE 'not recorded' END AS sex,
  CASE WHEN i.age IS NULL THEN 'not recorded' WHEN i.age < 18 THEN 'under 18' WHEN i.age < 45 THEN '18-44'
    WHEN i.age < 65 THEN '45-64' ELSE '65+' END AS age,
  CASE WHEN i.class = 'EMER' THEN 'emergency' ELSE 'clinic' END AS place,
  coalesce(i.clinic, 'not recorded') AS clinic, coalesce(i.clinician, 'not recorded') AS clinician,
  coalesce(i.empaneled, 'not recorded') AS empaneled, coalesce(s.clinician, 'not recorded') AS seen,
  left(CAST(i.day AS STRING), 7) AS month
FROM episodes i LEFT JOIN enrollment n ON n.id = i.id LEFT JOIN seen s ON s.id = i.id;

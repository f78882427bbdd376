/** Where a finding may be recorded. */
import { z } from 'zod'

/** Beside a medicine it stands in words: "lactulose (HE)". */
export const findingPlace = z.enum([
  'Condition',
  'Observation',
  'Procedure',
  'Encounter',
  'ServiceRequest',
  'AllergyIntolerance',
  'MedicationRequest',
  'MedicationStatement',
])

/** Whom a launch is about and who opened it, as what is kept and written needs them. */

import type { Launch } from '../smart/launch.ts'
import type { About } from './book.ts'

export const aboutOf = ({ ehr, patient, encounter }: Launch): About => ({
  fhirServer: ehr.iss,
  patientId: patient,
  encounterId: encounter,
})

/** FHIR has no place for a Person where an author stands. */
export const authorOf = ({ user }: Launch): string | undefined =>
  user?.type === 'Person' ? undefined : user?.reference

/** Who looks at the dashboard, and what they may see: a lead everything, a clinician their own and their clinic's. */

export interface Viewer {
  role: 'lead' | 'clinician'
  /** As the audit log names them: subject and issuer of a sign-in, or this machine. */
  who: string
  /** What to call them on a page. */
  name: string
  /** As reports name them: the id of their Practitioner; with the FHIR server, where the sign-in says it. */
  clinician?: { id: string; server?: string }
  /** As reports name it; without it, what the reports say of the clinician. */
  clinic?: string
}

/** Where no sign-in is set up, whoever sits at this machine. */
export const thisMachine: Viewer = { role: 'lead', who: 'this machine', name: 'this machine' }

export const maySee = (viewer: Viewer, clinician: string): boolean =>
  viewer.role === 'lead' || viewer.clinician?.id === clinician

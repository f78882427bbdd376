/** What a page of the SMART app knows: one launch, of one patient, from one EHR. */
import type { EhrSettings } from '../site/smart.ts'
import type { LaunchFhir } from './fhir/client.ts'
import type { LaunchContext } from './launch/context.ts'
import type { User } from './launch/id-token.ts'
import type { Interaction } from './launch/scopes.ts'

export interface Launch extends Omit<LaunchContext, 'patient'> {
  /** Stands in the address of its pages. It is no secret: the cookie of its path is. */
  id: string
  /** Path of its pages as browsers see it, with a slash at its end: `/smart/<id>/`. */
  path: string
  ehr: Pick<EhrSettings, 'name' | 'writeback' | 'document-type'> & {
    /** Base of its FHIR server, without a slash at its end. */
    iss: string
  }
  /** The only source of the patient for this launch; a chart that changes in the EHR does not change it (R25). */
  patient: string
  /** Who is signed in, verified; undefined when the EHR did not say. */
  user?: User
  /** Of the authorization server (R8). */
  capabilities: ReadonlySet<string>
  /** Whether the granted scopes let it do this. */
  allows(type: string, interaction: Interaction): boolean
  /** Whether it can be created: the scopes allow it, and the server says that it can (never throws). */
  canCreate(type: string): Promise<boolean>
  fhir: LaunchFhir
  /** Value of the hidden field `form-token` of each form of its pages; without it a form is refused. */
  formToken: string
}

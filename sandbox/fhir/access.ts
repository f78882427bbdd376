/** What a caller may do here, by the SMART scopes (versions 1 and 2) of its token. */
import { isPersonal, type Kept, ownerOf } from './elements.ts'
import { FhirFailure } from './failures.ts'
import type { Test } from './matching.ts'
import { readSearch } from './search.ts'

/** What stands behind a bearer token. */
export interface Access {
  /** Separated by spaces, as granted: `launch patient/Condition.rs user/DocumentReference.c`. */
  scopes: string
  /** Id of the patient to whom `patient/` scopes are limited; without it they grant nothing. */
  patient?: string
}

type Interaction = 'c' | 'r' | 'u' | 's'

const resourceScope = /^(patient|user|system)\/(\*|[A-Za-z]+)\.(\*|read|write|[cruds]+)(?:\?(.*))?$/
const version1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' }
const everything: Test = () => true

/**
 * Which resources of the type are covered. Undefined access is an open server. Throws a FhirFailure (403) when no
 * scope says anything of this type and interaction.
 */
export function coverage(access: Access | undefined, type: string, interaction: Interaction): Test {
  if (!access) return everything
  const granted = access.scopes.split(/\s+/).flatMap((scope): Test[] => {
    const [, context, of, rights = '', filter] = resourceScope.exec(scope) ?? []
    if ((of !== '*' && of !== type) || !(version1[rights] ?? rights).includes(interaction)) return []
    const filters = filter === undefined ? [] : readSearch(type, new URLSearchParams(filter)).tests
    const isOurs = context === 'patient' ? belongsTo(access.patient, type) : everything
    return [(resource) => isOurs(resource) && filters.every((test) => test(resource))]
  })
  if (granted.length === 0) throw forbidden(type)
  return (resource) => granted.some((test) => test(resource))
}

/** Throws a FhirFailure (403) where the resource is not covered. */
export function demand(covers: Test, resource: Kept | Parameters<Test>[0]): void {
  if (!covers(resource)) throw forbidden(resource.resourceType)
}

function belongsTo(patient: string | undefined, type: string): Test {
  if (!isPersonal(type)) return everything
  return (resource) => patient !== undefined && ownerOf(resource) === patient
}

function forbidden(type: string): FhirFailure {
  return new FhirFailure(403, `The scopes of the token do not allow this with ${type}.`)
}

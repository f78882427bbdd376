/** What SMART scopes of both versions permit. */
import { describe, expect, test } from 'vitest'
import { permits } from '../../src/record/fhir/reasons.ts'

const epic =
  'ALLERGYINTOLERANCE.READ ALLERGYINTOLERANCE.SEARCH Observation.Read (Smoking History) Observation.Read (Labs) (R4) MedicationRequest.Read (R4) urn:Epic-com:Informatics.2014.Services.Order.AnnotateOrders condition.create(diagn Condition.Create Problem (R4)'

const rows: [scope: string | undefined, search: string, read: string][] = [
  ['patient/Condition.read', 'all', 'all'],
  ['user/Condition.read', 'all', 'all'],
  ['user/*.read', 'all', 'all'],
  ['system/*.*', 'all', 'all'],
  ['user/Condition.*', 'all', 'all'],
  ['user/Condition.write', 'none', 'none'],
  ['user/Procedure.read', 'none', 'none'],
  ['user/Condition.rs', 'all', 'all'],
  ['user/Condition.cruds', 'all', 'all'],
  ['user/Condition.r', 'none', 'all'],
  ['user/Condition.s', 'all', 'none'],
  ['user/Condition.cud', 'none', 'none'],
  ['patient/*.rs', 'all', 'all'],
  ['user/Condition.rs?category=health-concern', 'part', 'part'],
  ['user/Condition.rs?category=health-concern user/Condition.rs', 'all', 'all'],
  ['user/Condition.rs?category=health-concern user/Procedure.rs', 'part', 'part'],
  ['launch openid fhirUser user/Condition.read', 'all', 'all'],
  ['launch   openid\n user/Condition.read\t', 'all', 'all'],
  ['user/ConditionX.read', 'none', 'none'],
  ['user/condition.read', 'none', 'none'],
  // Nothing that we understand: the server decides.
  [undefined, 'all', 'all'],
  ['', 'all', 'all'],
  ['launch openid fhirUser', 'all', 'all'],
  ['user/Condition', 'all', 'all'],
  ['(user/Procedure.read)', 'all', 'all'],
  [epic, 'all', 'all'],
  // One SMART scope among them says how the others are meant.
  [`${epic} user/Condition.read`, 'all', 'all'],
  [`${epic} user/Procedure.read`, 'none', 'none'],
]

describe('scopes for Condition', () => {
  test.each(rows)('%s: search %s, read %s', (scope, search, read) => {
    expect([permits(scope, 'Condition', 'search'), permits(scope, 'Condition', 'read')]).toEqual([
      search,
      read,
    ])
  })
})

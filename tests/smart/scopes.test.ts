/** What is asked for and what was granted, in the words of SMART 1 and 2 (specification 1.8). */
import { describe, expect, test } from 'vitest'
import { allows, type Interaction, scopesToAsk } from '../../src/smart/launch/ehrs.ts'
import { ehrFor } from './support.ts'

const ehr = (settings: object = {}) =>
  ehrFor({ iss: 'https://ehr.example.org/fhir', client: { id: 'x', type: 'public' }, ...settings })
const v2 = new Set(['permission-v2', 'permission-v1'])
const v1 = new Set(['permission-v1', 'an-unknown-word'])

describe('what is asked for', () => {
  test('R12, R13: is the least, in version 2 where the server knows it', () => {
    expect(scopesToAsk(ehr({ writeback: 'document' }), v2, 'ehr')).toBe(
      'launch openid fhirUser patient/Patient.r patient/Condition.rs patient/DocumentReference.c',
    )
  })

  test('R8: is in version 1 where it does not', () => {
    expect(scopesToAsk(ehr({ writeback: 'document' }), v1, 'ehr')).toBe(
      'launch openid fhirUser patient/Patient.read patient/Condition.read patient/DocumentReference.write',
    )
  })

  test.each([
    ['auto', ['DocumentReference', 'Communication', 'Procedure']],
    ['communication', ['Communication']],
    ['procedure', ['Procedure']],
    ['none', []],
  ] as const)('R13: with writeback %s is to create %j', (writeback, types) => {
    const asked = scopesToAsk(ehr({ writeback }), v2, 'ehr').split(' ')
    const created = asked.flatMap((scope) => /^patient\/(.+)\.c$/.exec(scope)?.[1] ?? [])
    expect(created).toEqual(types)
  })

  test('R3, R23: has the patient for a standalone launch, and online access where the site wants it', () => {
    const asked = scopesToAsk(ehr({ 'online-access': true }), v2, 'standalone').split(' ')
    expect(asked.slice(0, 4)).toEqual(['launch/patient', 'openid', 'fhirUser', 'online_access'])
    expect(scopesToAsk(ehr(), v2, 'ehr')).not.toMatch(/access|\*/)
  })

  test('R13: is what the pages need beside, each once', () => {
    const needs = { reads: ['Condition', 'Observation'], creates: ['QuestionnaireResponse'] }
    const scopes = (settings: object) => scopesToAsk(ehr(settings), v2, 'ehr', needs).split(' ')
    expect(scopes({ writeback: 'document' }).slice(3)).toEqual([
      'patient/Patient.r',
      'patient/Condition.rs',
      'patient/Observation.rs',
      'patient/DocumentReference.c',
      'patient/QuestionnaireResponse.c',
    ])
    expect(scopes({ writeback: 'none' }).filter((scope) => scope.endsWith('.c'))).toEqual([])
  })

  test("R13: is the site's own list where it has one", () => {
    expect(scopesToAsk(ehr({ scopes: ['openid', 'profile', 'user/*.read'] }), v2, 'ehr')).toBe(
      'launch openid profile user/*.read',
    )
  })
})

describe('R13: what was granted', () => {
  test.each<[scope: string, type: string, interaction: Interaction, allowed: boolean]>([
    ['patient/Patient.r', 'Patient', 'r', true],
    ['patient/Patient.r', 'Patient', 's', false],
    ['patient/Condition.rs', 'Condition', 's', true],
    ['launch openid patient/*.cruds', 'Procedure', 'c', true],
    ['user/DocumentReference.c', 'DocumentReference', 'c', true],
    ['system/DocumentReference.c', 'DocumentReference', 'c', false],
    ['patient/DocumentReference.read', 'DocumentReference', 'c', false],
    ['patient/DocumentReference.read', 'DocumentReference', 's', true],
    ['patient/DocumentReference.write', 'DocumentReference', 'c', true],
    ['patient/DocumentReference.write', 'DocumentReference', 'r', false],
    ['patient/*.*', 'Communication', 'c', true],
    ['patient/DocumentReference.sc', 'DocumentReference', 'c', false],
    ['patient/DocumentReference.', 'DocumentReference', 'c', false],
    ['patient/DocumentReferences.c', 'DocumentReference', 'c', false],
    ['patient/Condition.rs?category=problem-list-item', 'Condition', 's', true],
    ['patient/DocumentReference.c?category=x', 'DocumentReference', 'c', false],
    ['', 'Patient', 'r', false],
  ])('%j lets %s be used for %s: %s', (scope, type, interaction, allowed) => {
    expect(allows(scope, type, interaction)).toBe(allowed)
  })
})

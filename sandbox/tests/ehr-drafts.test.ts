/** Drafts of the mock EHR: what suggestions and hands change, and what signing makes of them. */
import type { MedicationRequest, ServiceRequest } from 'fhir/r4.js'
import { describe, expect, it } from 'vitest'
import type { Action } from '../ehr/answer.ts'
import { applyActions, change, type Draft, detailsOf, isApplicable, signedOrder } from '../ehr/drafts.ts'

const scan: Draft = {
  resourceType: 'ServiceRequest',
  id: 'scan',
  status: 'draft',
  intent: 'order',
  priority: 'routine',
  code: { text: 'A scan' },
  subject: { reference: 'Patient/p1' },
}
const medicine: Draft = {
  resourceType: 'MedicationRequest',
  id: 'medicine',
  status: 'draft',
  intent: 'order',
  medicationCodeableConcept: { text: 'something 5 MG Oral Tablet' },
  subject: { reference: 'Patient/p1' },
  dosageInstruction: [{ text: 'Take it', route: { text: 'oral' } }],
}
const referral: ServiceRequest = {
  resourceType: 'ServiceRequest',
  status: 'draft',
  intent: 'proposal',
  code: { text: 'Physical therapy' },
  subject: { reference: 'Patient/p1' },
}
const about = { patientId: 'p1', newId: () => 'fresh' }
const removeScan: Action = { type: 'delete', resourceId: 'ServiceRequest/scan' }
const refer: Action = { type: 'create', resource: referral }

const names = (result: ReturnType<typeof applyActions>) =>
  'problem' in result ? result.problem : result.drafts.map(({ resourceType, id }) => `${resourceType}/${id}`)

describe('A suggestion', () => {
  it('SUG-4: removes the one draft and creates the other', () => {
    expect(names(applyActions([scan, medicine], [removeScan, refer], about))).toEqual([
      'MedicationRequest/medicine',
      'ServiceRequest/fresh',
    ])
  })

  it('SUG-4: deletes before it creates and creates before it updates, in whatever order they came', () => {
    const urgent: Action = { type: 'update', resource: { ...medicine, priority: 'urgent' } }
    const result = applyActions([scan, medicine], [urgent, refer, removeScan], about)
    expect(names(result)).toEqual(['MedicationRequest/medicine', 'ServiceRequest/fresh'])
  })

  it('SUG-4: changes nothing when one of its actions cannot be done', () => {
    const drafts = [scan]
    const missing: Action = { type: 'delete', resourceId: 'ServiceRequest/gone' }
    expect(names(applyActions(drafts, [removeScan, missing], about))).toMatch(/no longer drafted/)
    expect(drafts).toEqual([scan])
  })

  it('takes the whole of an update for the draft (section 7c)', () => {
    const stat: Action = { type: 'update', resource: { ...scan, priority: 'stat' } }
    expect(applyActions([scan], [stat], about)).toMatchObject({ drafts: [{ id: 'scan', priority: 'stat' }] })
  })

  it('deletes also as CDS Hooks 1.0 wrote it', () => {
    const old: Action = { type: 'delete', resource: 'ServiceRequest/scan' }
    expect(names(applyActions([scan], [old], about))).toEqual([])
  })

  it.each<[string, Action]>([
    [
      'names another patient',
      { type: 'create', resource: { ...referral, subject: { reference: 'Patient/p2' } } },
    ],
    ['creates what this EHR cannot draft', { type: 'create', resource: { resourceType: 'Patient' } }],
    ['creates nothing', { type: 'create' }],
    ['updates an order that is not drafted', { type: 'update', resource: { ...scan, id: 'other' } }],
    [
      'deletes an order of another type by the same id',
      { type: 'delete', resourceId: 'MedicationRequest/scan' },
    ],
  ])('that %s is refused', (_, action) => {
    expect(applyActions([scan], [action], about)).toHaveProperty('problem')
    expect(isApplicable([scan], [action], 'p1')).toBe(false)
  })

  it('SUG-6: without actions has nothing to be pressed for', () => {
    expect(isApplicable([scan], [], 'p1')).toBe(false)
  })
})

describe('A change by hand', () => {
  it('says reason and priority', () => {
    const changed = change(scan, { reason: 'Condition/c1', reasonText: 'leg gave way', priority: 'urgent' })
    expect(changed).toEqual({
      ...scan,
      priority: 'urgent',
      reasonReference: [{ reference: 'Condition/c1' }],
      reasonCode: [{ text: 'leg gave way' }],
    })
    expect(detailsOf(changed)).toEqual({
      reason: 'Condition/c1',
      reasonText: 'leg gave way',
      priority: 'urgent',
    })
  })

  it('says dose, rhythm, supply, quantity and refills of a medicine, and keeps what has no field', () => {
    const details = { dose: 2, timing: 'every 6 hours', asNeeded: true, supply: 7, quantity: 56, refills: 0 }
    const changed = change(medicine, details) as MedicationRequest & { id: string }
    expect(changed.dosageInstruction?.[0]).toMatchObject({
      text: 'Take 2 tablets every 6 hours as needed for pain',
      timing: { repeat: { frequency: 1, period: 6, periodUnit: 'h' } },
      doseAndRate: [{ doseQuantity: { value: 2, unit: 'tablet' } }],
      route: { text: 'oral' },
    })
    expect(detailsOf(changed)).toMatchObject(details)
  })

  it('takes out what is emptied, and an unknown priority', () => {
    const full = change(medicine, { dose: 2, timing: 'once a day', supply: 7 })
    expect(change(full, { priority: 'at once' })).toEqual(
      Object.fromEntries(Object.entries(medicine).filter(([name]) => name !== 'dosageInstruction')),
    )
  })
})

it('Signing makes an active order of a draft or proposal, by who signed, without the draft’s id', () => {
  expect(signedOrder({ ...referral, id: 'suggested-1' }, 'Practitioner/1', '2026-03-02')).toEqual({
    ...referral,
    status: 'active',
    intent: 'order',
    authoredOn: '2026-03-02',
    requester: { reference: 'Practitioner/1' },
  })
})

/** Laws of dating this bout of back pain, over any set of dated contacts. */
import fc from 'fast-check'
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { concept } from '../language/code.ts'
import { ago, content, factsOf } from './support.ts'

const gap = content.parameters['episode-gap-days']?.value ?? Number.NaN
const subject = { reference: 'Patient/p1' }

/** A day on which somebody wrote back pain down, or on which the patient says that it began. */
interface Contact {
  kind: 'recorded' | 'onset' | 'visit'
  days: number
  active: boolean
}

function resourceOf({ kind, days, active }: Contact, place: number): FhirResource {
  const code = concept('icd10 M54.50')
  const id = `contact-${place}-${days}`
  if (kind === 'visit') {
    const start = `${ago(days)}T09:00:00Z`
    return {
      resourceType: 'Encounter',
      id,
      status: 'finished',
      class: {},
      subject,
      period: { start },
      reasonCode: [code],
    }
  }
  return {
    resourceType: 'Condition',
    id,
    code,
    subject,
    ...(active ? { clinicalStatus: { coding: [{ code: 'active' }] } } : {}),
    ...(kind === 'recorded' ? { recordedDate: ago(days) } : { onsetDateTime: ago(days) }),
  }
}

async function onsetOf(contacts: readonly Contact[]) {
  const value = (await factsOf({ chart: contacts.map(resourceOf) })).get('onset-days')?.value
  return typeof value === 'object' ? value : undefined
}

const days = fc.integer({ min: 0, max: 900 })
const contactOf = (...kinds: Contact['kind'][]) =>
  fc.record({ kind: fc.constantFrom(...kinds), days, active: fc.boolean() })
const anyContact = contactOf('recorded', 'onset', 'visit')
/** Dated by when it was written down only. */
const written = contactOf('recorded', 'visit')
const holds = <Ts extends [unknown, ...unknown[]]>(property: fc.IAsyncProperty<Ts>) =>
  fc.assert(property, { numRuns: 80 })

describe('the onset', () => {
  test('is never negative, never NaN, and has its bounds in order', () =>
    holds(
      fc.asyncProperty(fc.array(anyContact, { minLength: 1, maxLength: 6 }), async (contacts) => {
        const range = await onsetOf(contacts)
        if (!range) return
        expect(range.low).toBeGreaterThanOrEqual(0)
        expect(range.high).toBeGreaterThanOrEqual(range.low)
      }),
    ))

  test('is never later for one older contact more', () =>
    holds(
      fc.asyncProperty(
        fc.array(anyContact, { minLength: 1, maxLength: 5 }),
        anyContact,
        async (contacts, extra) => {
          const oldest = Math.max(...contacts.map((each) => each.days))
          const before = await onsetOf(contacts)
          const after = await onsetOf([...contacts, { ...extra, days: oldest + extra.days }])
          if (!before) return
          expect(after?.low).toBeGreaterThanOrEqual(before.low)
          expect(after?.high).toBeGreaterThanOrEqual(before.high)
        },
      ),
    ))

  test('does not depend on the order of the record', () =>
    holds(
      fc.asyncProperty(fc.array(anyContact, { minLength: 2, maxLength: 5 }), async (contacts) => {
        expect(await onsetOf([...contacts].reverse())).toEqual(await onsetOf(contacts))
      }),
    ))

  test('by what was written down is a day on which something was', () =>
    holds(
      fc.asyncProperty(fc.array(written, { minLength: 1, maxLength: 6 }), async (contacts) => {
        const range = await onsetOf(contacts)
        if (range) expect(contacts.map((each) => each.days)).toContain(range.low)
      }),
    ))
})

describe('a gap between contacts', () => {
  /** Contacts ever further back, each so many days before the last. */
  const chainOf = (steps: readonly number[]) =>
    steps.map((_, place) => steps.slice(0, place + 1).reduce((sum, step) => sum + step, 0))
  const near = fc.integer({ min: 0, max: gap })
  const far = fc.integer({ min: gap + 1, max: gap + 400 })
  const visits = (chain: readonly number[]) =>
    chain.map((each): Contact => ({ kind: 'visit', days: each, active: true }))

  test('of up to 180 days belongs to one episode', () =>
    holds(
      fc.asyncProperty(fc.array(near, { minLength: 1, maxLength: 6 }), async (steps) => {
        const chain = chainOf(steps)
        expect((await onsetOf(visits(chain)))?.low).toBe(chain.at(-1))
      }),
    ))

  test('of more begins a new one, whatever came before it', () =>
    holds(
      fc.asyncProperty(
        fc.array(near, { minLength: 1, maxLength: 4 }),
        far,
        fc.array(days, { maxLength: 4 }),
        async (steps, wide, older) => {
          const chain = chainOf(steps)
          const start = chain.at(-1) ?? 0
          const before = [0, ...older].map((each) => start + wide + each)
          expect((await onsetOf(visits([...chain, ...before])))?.low).toBe(start)
        },
      ),
    ))

  test('before today leaves no episode at all', () =>
    holds(
      fc.asyncProperty(far, async (wide) => {
        expect(await onsetOf(visits([wide]))).toBeUndefined()
      }),
    ))
})

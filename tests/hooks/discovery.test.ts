/** The discovery document: legal by the specification, and no more than what the facts read. */
import { describe, expect, test } from 'vitest'
import { discovery, publish } from '../../src/hooks/discovery.ts'
import { harness, queries, shown } from './support.ts'

/** The same reads on every hook. */
const on = (...types: string[]) => {
  const reads: ReadonlySet<string> = new Set(types)
  return () => reads
}

const everything = on(...Object.keys(queries))
const codes = ['1111-1', '2222-2']
const full = discovery(shown, everything, codes)

describe('the document', () => {
  test('DISC-4 to DISC-7: each service has an id safe in a URL, a hook, a title and a description', () => {
    for (const service of full.services) {
      expect(service.id).toMatch(/^[a-z-]+$/)
      expect(service.title).not.toBe('')
      expect(service.description).not.toBe('')
    }
    expect(full.services.map(({ id, hook }) => [id, hook])).toEqual([
      ['lumbar-order-select', 'order-select'],
      ['lumbar-order-sign', 'order-sign'],
      ['lumbar-patient-view', 'patient-view'],
    ])
  })

  test('DISC-13: no id is listed twice', () => {
    expect(new Set(full.services.map(({ id }) => id)).size).toBe(full.services.length)
  })

  test('DISC-9: the requirements name what is needed and what is only wanted', () => {
    const { services } = discovery(shown, on('Patient', 'Condition'), codes)
    expect(services[0]?.usageRequirements).toMatch(/Needs Patient in .*without Condition/)
  })

  test('GEN-2: nothing in it is null or empty', () => {
    for (const reads of [everything, on()]) {
      JSON.stringify(discovery(shown, reads, []), (key, value) => {
        expect([
          key,
          [null, '', '[]', '{}'].includes(typeof value === 'object' ? JSON.stringify(value) : value),
        ]).toEqual([key, false])
        return value
      })
    }
  })

  test('GEN-3: where nothing is read there is no prefetch', () => {
    expect(discovery(shown, on(), []).services[0]).not.toHaveProperty('prefetch')
  })

  test('DISC-8: each hook asks only for what its own rules read', () => {
    const reads = {
      'order-select': on('Patient'),
      'order-sign': on('Patient'),
      'patient-view': on('Condition'),
    }
    const { services } = discovery(shown, (hook) => reads[hook](), codes)
    expect(services.map(({ prefetch }) => Object.keys(prefetch ?? {}))).toEqual([
      ['patient'],
      ['patient'],
      ['conditions'],
    ])
  })

  test('DISC-17: it is frozen', () => {
    expect(Object.isFrozen(full.services) && full.services.every((service) => Object.isFrozen(service))).toBe(
      true,
    )
  })
})

describe('the templates', () => {
  const templates = Object.entries(full.services[0]?.prefetch ?? {})
  const tokens = /\{\{context\.(patientId|encounterId)\}\}/

  test('DISC-8: only types that are read have a template', () => {
    const { services } = discovery(shown, on('Patient', 'Condition'), codes)
    expect(services[1]?.prefetch).toEqual({
      patient: 'Patient/{{context.patientId}}',
      conditions: 'Condition?patient={{context.patientId}}&_sort=-recorded-date&_count=100',
    })
  })

  test('DISC-8: reading encounters asks for the current one, too', () => {
    const { services } = discovery(shown, on('Encounter'), codes)
    expect(services[0]?.prefetch).toEqual({
      encounters: 'Encounter?patient={{context.patientId}}&_sort=-date&_count=100',
      encounter: 'Encounter/{{context.encounterId}}',
    })
  })

  test.each(templates)(
    'PF-1, PF-5: %s is a read, or a search by references, tokens, order and page size only',
    (_key, template) => {
      expect(template).toMatch(
        /^[A-Z][A-Za-z]+(\/\{\{[^}]+\}\}|\?[a-z-]+=[^&]+(&(_sort|_count|[a-z-]+)=[^&]+)*)$/,
      )
    },
  )

  test.each(templates.filter(([, template]) => template.includes('?')))(
    'PF-5: %s says how many to a page, and asks for the newest first where its type has a date',
    (key, template) => {
      expect(template).toMatch(/&_count=100$/)
      const undated = ['coverage', 'allergies']
      expect(template.includes('&_sort=-')).toBe(!undated.includes(key))
    },
  )

  test.each(templates)('PF-2, PF-3: %s uses only tokens that all hooks have', (_key, template) => {
    expect(template.match(tokens)).not.toBeNull()
    expect(template.replace(tokens, '')).not.toMatch(/[{}]/)
  })

  test('PF-5: the codes that the facts read stand in the template', () => {
    expect(Object.fromEntries(templates).observations).toBe(
      'Observation?patient={{context.patientId}}&code=1111-1,2222-2&_sort=-date&_count=100',
    )
  })

  test('PF-5: without codes there is no empty parameter', () => {
    const { services } = discovery(shown, on('Observation'), [])
    expect(services[0]?.prefetch?.observations).toBe(
      'Observation?patient={{context.patientId}}&_sort=-date&_count=100',
    )
  })
})

describe('GET /cds-services', () => {
  test('DISC-1, DISC-2: answers with the document', async () => {
    const answer = await harness().app.inject('/cds-services')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.json().services).toHaveLength(3)
  })

  test('DISC-17: may be kept for five minutes, and costs nothing when it has not changed', async () => {
    const { app } = harness()
    const first = await app.inject('/cds-services')
    expect(first.headers['cache-control']).toBe('public, max-age=300')
    const again = await app.inject({
      url: '/cds-services',
      headers: { 'if-none-match': String(first.headers.etag) },
    })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  test('DISC-17: the validator changes with the document', () => {
    expect(publish(full).etag).not.toBe(publish(discovery(shown, everything, ['x|y'])).etag)
  })
})

/** How what comes from elsewhere is cut: in one pass, however long it is. */

import { expect, test } from 'vitest'
import { Remembered, withoutClosingSlashes } from '../src/bounds.ts'
import { sameAddress } from '../src/site/addresses.ts'
import { registeredEhrs } from '../src/smart/launch/ehrs.ts'
import { ehrFor } from './smart/support.ts'

test.each([
  ['https://ehr.example/fhir', 'https://ehr.example/fhir'],
  ['https://ehr.example/fhir///', 'https://ehr.example/fhir'],
  ['https://ehr.example//fhir/', 'https://ehr.example//fhir'],
  ['///', ''],
  ['', ''],
])('"%s" without the slashes at its end is "%s"', (address, cut) => {
  expect(withoutClosingSlashes(address)).toBe(cut)
})

test('BEST-1: a million slashes that do not stand at the end are looked at once', () => {
  const address = `http://a/${'/'.repeat(1_000_000)}b`
  const started = performance.now()
  expect(withoutClosingSlashes(address)).toBe(address)
  expect(sameAddress(address)).toBe(address)
  expect(performance.now() - started).toBeLessThan(200)
})

test('an EHR is not looked for by an address that is longer than 2 KB', () => {
  const ehrs = registeredEhrs(() => [
    ehrFor({ iss: 'https://ehr.example/fhir', client: { id: 'lumbar', type: 'public' } }),
  ])
  expect(ehrs.find(`https://ehr.example/fhir${'/'.repeat(2000)}`)?.iss).toBe('https://ehr.example/fhir')
  expect(ehrs.find(`https://ehr.example/fhir${'/'.repeat(2048)}`)).toBeUndefined()
})

test('SEC-14: what is remembered is bounded, and never full of what came once', () => {
  const remembered = new Remembered<number>(100, 10)
  for (let n = 0; n < 10_000; n += 1) {
    remembered.set(`text ${n}`, n)
    // Asked for again and again, so that it stays.
    if (remembered.get('usual') === undefined) remembered.set('usual', -1)
  }
  remembered.set('longer than what is kept', 1)
  expect(remembered.size).toBeLessThanOrEqual(100)
  expect([remembered.get('usual'), remembered.get('text 9999'), remembered.get('text 1')]).toEqual([
    -1,
    9999,
    undefined,
  ])
  expect(remembered.get('longer than what is kept')).toBeUndefined()
})

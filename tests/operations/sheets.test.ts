/** What is generated for people who set the service up: every setting, and everything to type into an EHR. */

import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sheet } from '../../src/cli/integration-sheet.ts'
import { configuration, environmentSettings, siteSettings } from '../../src/docs/configuration.ts'
import { readGoLive } from '../../src/docs/integration-access.ts'
import { integrationSheet } from '../../src/docs/integration-sheet.ts'
import { discovery } from '../../src/hooks/discovery.ts'
import type { Content } from '../../src/pathway/content.ts'
import { environment } from '../../src/site/environment.ts'
import { siteFile } from '../../src/site/schema.ts'
import { explain, vignetteOf } from '../support/evaluated.ts'
import { evaluatorWith, realContent, root } from '../support/evaluator.ts'

describe('the page of settings', () => {
  test('explains every variable and every key', () => {
    const settings = [...environmentSettings(), ...siteSettings()]
    expect(settings.filter(({ what }) => what.length < 10).map(({ name }) => name)).toEqual([])
    expect(environmentSettings().map(({ name }) => name)).toEqual(Object.keys(environment.shape))
    const names = siteSettings().map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(Object.keys(siteFile.shape)))
    expect(names).toEqual(
      expect.arrayContaining(['limits.body-bytes', 'callers.issuers[].iss', 'clients.order-codes.*.code']),
    )
  })

  test('says what is usual and what is allowed', () => {
    const page = configuration()
    expect(page).toMatch(/\| `limits\.calls-per-minute` \| .* \| number from 0 to 10000000 \| `12000` \|/)
    expect(page).toMatch(/\| `LOG_LEVEL` \| .* \| `fatal`, .*`silent` \| `info` \|/)
    expect(page).toMatch(/\| `callers\.public-url` \| .* \| text \| must be set \|/)
  })

  test('explains every key that the site.yaml of the project sets', () => {
    const written = readFileSync(join(root, 'site.yaml'), 'utf8')
    const keys = [...written.matchAll(/^([a-z-]+):/gm)].map(([, key]) => key)
    expect(siteSettings().map(({ name }) => name)).toEqual(expect.arrayContaining(keys))
  })
})

const content = realContent()
const { reads, readsOf, observationCodes } = evaluatorWith()
const goLive = readGoLive(root)
const sheetFor = (site: Partial<Content['site']> = {}, profile?: 'standard' | 'epic') => {
  const set = { ...content, site: { ...content.site, ...site } }
  return integrationSheet({
    content: set,
    discovery: discovery(set, reads, observationCodes),
    reads: (fact) => readsOf([fact]),
    goLive,
    profile,
  })
}
const callers = siteFile.parse({
  callers: {
    'public-url': 'https://lumbar.example.org/',
    issuers: [
      {
        iss: 'https://ehr.example.org/fhir',
        'jwks-url': 'https://ehr.example.org/jwks',
        audiences: ['lumbar'],
        tenants: ['north'],
        'fhir-servers': ['https://ehr.example.org/fhir'],
      },
    ],
  },
}).callers

describe('the integration sheet', () => {
  test('says what an EHR grants where it is asked what became of orders, and nothing elsewhere', () => {
    const ledger = siteFile.parse({
      ledger: {
        'order-outcomes': [{ 'fhir-server': 'https://ehr.example.org/fhir', 'client-id': 'backend-1' }],
      },
    }).ledger
    const page = sheetFor({ callers, ledger })
    expect(page).toContain('`https://ehr.example.org/fhir`, client id `backend-1`')
    expect(page).toContain('`https://lumbar.example.org/smart/jwks.json`')
    expect(page).toContain('`system/ServiceRequest.rs`')
    expect(sheetFor({ callers })).not.toContain('system/ServiceRequest')
  })

  test('has the SMART app, feedback, a test script and a list for the day it goes live', () => {
    const page = sheetFor({ callers })
    for (const heading of ['SMART app', 'Feedback', 'Test script', 'Before going live'])
      expect(page).toContain(`\n## ${heading}\n`)
    expect(page).toContain('`https://lumbar.example.org/smart/launch`')
    expect(page).toContain('`POST https://lumbar.example.org/cds-services/lumbar-order-sign/feedback`')
    expect(page).toContain('[x] Trusted callers are set')
    expect(sheetFor()).toContain('[ ] Trusted callers are set')
  })

  const steps = goLive['test-script'].filter((step) => step.cards.length + step['no-cards'].length > 0)
  test.each(steps)('promises in its test script what is shown: $do', async (step) => {
    expect(step.vignette, 'a step that expects cards names its vignette').toBeDefined()
    const { cards } = await explain(vignetteOf(step.vignette ?? ''))
    const shown = cards.map(({ extension }) => extension.lumbar.rule)
    expect(shown).toEqual(expect.arrayContaining(step.cards))
    expect(shown.filter((code) => step['no-cards'].includes(code))).toEqual([])
    const codes = new Set(content.rules.map(({ code }) => code))
    expect([...step.cards, ...step['no-cards']].filter((code) => !codes.has(code))).toEqual([])
  })

  test('names in its test script what the cards rest on', () => {
    expect(sheetFor()).toMatch(/\| IM01: ACR Appropriateness Criteria, Low Back Pain \(2021\), .* \|/)
  })

  test('PF-1: has every query exactly as it is published, to be copied', () => {
    const lines = sheetFor().split('\n')
    for (const { prefetch } of discovery(content, reads, observationCodes).services) {
      for (const [key, query] of Object.entries(prefetch ?? {})) {
        const at = lines.findIndex((line, n) => line === key && lines[n + 1] === `    ${query}`)
        expect(at, key).toBeGreaterThan(0)
      }
    }
  })

  test('PF-6: has queries no longer than servers take, with the long ids of Epic', () => {
    // IIS refuses queries beyond 2,048 characters unless it is told otherwise.
    const queries = discovery(content, reads, observationCodes).services.flatMap(({ prefetch }) =>
      Object.values(prefetch ?? {}).map((query) => query.replace(/\{\{.*?\}\}/, 'x'.repeat(194))),
    )
    expect(queries.filter((query) => query.length > 2048)).toEqual([])
  })

  test('PF-5: leaves order and page size out of the queries for Epic, and says why', () => {
    const page = sheetFor({}, 'epic')
    expect(page).toMatch(/\n {4}Condition\?patient=\{\{context\.patientId\}\}\n/)
    expect(page).toContain('without `_sort` and `_count`')
  })

  test('PF-12: tells of every key what it does when it does not come', () => {
    const rows = sheetFor().split('### What it does when one does not come')[1] ?? ''
    for (const { key } of Object.values(content.queries)) expect(rows).toContain(`| \`${key}\` |`)
    expect(rows).toMatch(/\| `conditions` \| [^|]+ \| held back \| held back \|/)
    expect(rows).toMatch(/\| `procedures` \| [^|]+ \| asks to make sure of [^|]*earlier lumbar surgery/)
    expect(rows).toMatch(/\| `imagingStudies` \| [^|]+ \| as with it/)
  })

  test('SEC-5: has the addresses, which are the audiences too', () => {
    const page = sheetFor({ callers })
    expect(page).toContain('`https://lumbar.example.org/cds-services/lumbar-order-sign`')
    expect(page).toContain('`aud` may also be `lumbar`')
    expect(page).toContain('Tenants: `north`')
    expect(page).toContain('`https://ehr.example.org/fhir`. Others are not')
    expect(page).not.toContain('No callers are set')
    expect(sheetFor()).toContain('set `callers.public-url`')
  })

  test('FA-1: asks for scopes to read what is published, and for no other', () => {
    const page = sheetFor()
    expect(page).toContain('| Patient | read | `patient/Patient.read` | `patient/Patient.r` |')
    expect(page).toContain('| Encounter | search, read | `patient/Encounter.read` | `patient/Encounter.rs` |')
    expect(page).toContain('| Condition | search | `patient/Condition.read` | `patient/Condition.s` |')
    expect(page).not.toMatch(/\.write|\.c\b|FamilyMemberHistory/)
  })

  test('BEST-6: has every topic, reason and order with its codes', () => {
    const page = sheetFor({
      rules: { silent: ['IM01'], off: [], 'speaks-from': {} },
      clients: {
        ...content.site.clients,
        profile: 'epic',
        'order-codes': { 'physical-therapy': { system: 'urn:pl', code: 'PT9' } },
      },
    })
    for (const rule of content.rules.filter(({ role }) => role === 'headline')) {
      expect(page).toContain(`| ${rule.code} | `)
    }
    expect(page).toMatch(/\| IM01 \| .* \| warning \| lumbar-imaging \| silent \|/)
    for (const [code, { display }] of Object.entries(content.overrideReasons.reasons)) {
      expect(page).toContain(`| \`${code}\` | ${display} |`)
    }
    expect(page).toMatch(/\| `physical-therapy` \| .* \| `PT9` \(`urn:pl`\) \|/)
    expect(page).toMatch(/\| `chiropractic` \| .* \| to be mapped \|/)
  })

  test.each([
    ['epic', '### Epic', '### Standard'],
    ['standard', '### Standard', '### Epic'],
  ] as const)('has for %s only what concerns it', (profile, there, notThere) => {
    const page = sheetFor({}, profile)
    expect(page).toContain(there)
    expect(page).not.toContain(notThere)
  })

  test('is printed, or written to a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lumbar-sheet-'))
    const printed: string[] = []
    await sheet(['--profile', 'epic', '--out', join(folder, 'sheet.md')], (text) => printed.push(text))
    await sheet(['--profile', 'epic'], (text) => printed.push(text))
    expect(readFileSync(join(folder, 'sheet.md'), 'utf8').trimEnd()).toBe(printed[1])
    await expect(sheet(['--profile', 'cerner'], () => undefined)).rejects.toThrow('--profile standard')
    await rm(folder, { recursive: true })
  })
})

/** What a hospital sets: numbers, silent rules, its own codes, where referrals go, programmes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { createEvaluator } from '../src/evaluate.ts'
import { parseCall } from '../src/hooks/call.ts'
import { findService } from '../src/hooks/services.ts'
import { openContent } from '../src/pathway/compiled.ts'
import { readVignette } from './language/vignette.ts'
import { toCall } from './support/call.ts'
import { root } from './support/evaluator.ts'

/** The real content with another site.yaml. */
async function siteWith(site: object) {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-site-'))
  try {
    const file = join(folder, 'site.yaml')
    writeFileSync(file, stringify(site))
    const { content } = await openContent(root, file)
    let ids = 0
    return createEvaluator(content, { today: () => '2026-11-21', newId: () => `id-${++ids}` })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function mriAfter(days: number, more: object = {}) {
  const vignette = readVignette({
    vignette: 'L999',
    title: 'A lumbar MRI for plain back pain',
    rule: 'IM01',
    side: 'fires',
    patient: { age: 44, sex: 'female' },
    chart: [{ problem: { code: 'icd10 M54.50', onset: `${days} days ago`, at: 'this visit' } }],
    orders: [{ imaging: { code: 'cpt 72148', reason: 'icd10 M54.50' } }],
    expect: { cards: [] },
    ...more,
  })
  const service = findService('lumbar-order-sign')
  if (!service) throw new Error('no such service')
  return parseCall(toCall(vignette), service)
}

describe('A site', () => {
  test('that waits 28 days for imaging gets care first at 30 days', async () => {
    const usual = await (await siteWith({})).evaluate(mriAfter(30))
    expect(usual.cards[0]?.source.topic.code).toBe('IM01')
    const { cards } = await (await siteWith({ parameters: { 'imaging-wait-days': 28 } })).evaluate(
      mriAfter(30),
    )
    expect(cards[0]?.source.topic.code).toBe('IM03')
  })

  test('that runs a rule silently shows no card and logs what it would have said', async () => {
    const { cards, rules } = await (await siteWith({ rules: { silent: ['IM01'] } })).evaluate(mriAfter(9))
    expect(cards).toEqual([])
    expect(rules).toEqual(['silent:IM01'])
  })

  test('that silences physical therapy offers none', async () => {
    const { cards } = await (await siteWith({ rules: { silent: ['CA03'] } })).evaluate(mriAfter(9))
    expect(cards[0]?.extension.lumbar.suggestions).toEqual([
      'remove-and-give-education',
      'refer-chiropractic',
    ])
  })

  test('that switches a rule off does not judge it', async () => {
    const { cards, rules } = await (await siteWith({ rules: { off: ['IM01'] } })).evaluate(mriAfter(9))
    expect([cards, rules]).toEqual([[], []])
  })

  test('with its own order code for a lumbar MRI is understood', async () => {
    const means = { system: 'http://www.ama-assn.org/go/cpt', code: '72148' }
    const evaluator = await siteWith({ 'local-codes': [{ system: 'urn:oid:1.2.3', code: 'IMG1', means }] })
    const call = mriAfter(9)
    const text = JSON.stringify(call)
      .replaceAll('"http://www.ama-assn.org/go/cpt"', '"urn:oid:1.2.3"')
      .replaceAll('"72148"', '"IMG1"')
    expect((await evaluator.evaluate(JSON.parse(text))).cards[0]?.source.topic.code).toBe('IM01')
  })

  test('with a directory names the place beside the offer and on the drafted referral', async () => {
    const place = {
      for: 'physical-therapy',
      name: 'Spine <b>Center</b>',
      phone: '206-555-0100',
      reference: 'Organization/pt-1',
    }
    const { cards } = await (await siteWith({ directory: [place] })).evaluate(mriAfter(9))
    const descriptions = cards[0]?.suggestions?.flatMap(({ actions }) =>
      actions.map((each) => each.description),
    )
    expect(descriptions).toContain('Draft a referral to physical therapy: Spine <b>Center</b>, 206-555-0100')
    const drafted = cards[0]?.suggestions?.flatMap(({ actions }) => actions.map(({ resource }) => resource))
    expect(JSON.stringify(drafted)).toContain('"performer":[{"reference":"Organization/pt-1"')
  })

  test('with a programme for members shows it to members only', async () => {
    const programmes = [
      { name: 'Back care at home', url: 'https://example.org/back', payers: ['Example Health'] },
    ]
    const evaluator = await siteWith({ programmes })
    const labels = async (more: object) =>
      (await evaluator.evaluate(mriAfter(9, more))).cards[0]?.links?.map(({ label }) => label)
    expect(await labels({})).not.toContain('Back care at home')
    const call = mriAfter(9)
    const coverage = {
      resourceType: 'Coverage',
      id: 'c1',
      status: 'active',
      beneficiary: { reference: `Patient/${call.patientId}` },
      payor: [{ display: 'Example Health of Washington' }],
    }
    const member = { ...call, prefetch: { ...call.prefetch, coverage } }
    expect((await evaluator.evaluate(member)).cards[0]?.links?.[0]).toEqual({
      label: 'Back care at home',
      url: 'https://example.org/back',
      type: 'absolute',
    })
  })

  test('with Epic as its client gets one action a suggestion, no update, and its own order codes', async () => {
    const code = { system: 'urn:com.epic.cdshooks.action.code.system.preference-list-item', code: '4711' }
    const evaluator = await siteWith({
      clients: { profile: 'epic', 'order-codes': { 'physical-therapy': code } },
    })
    const { cards } = await evaluator.evaluate(mriAfter(9))
    const suggestions = cards[0]?.suggestions ?? []
    expect(suggestions.map(({ actions }) => actions.map(({ type }) => type))).toEqual([
      ['delete'],
      ['create'],
      ['create'],
    ])
    expect(JSON.stringify(suggestions[2])).toContain('4711')
    expect(JSON.stringify(suggestions)).toContain('"intent":"order"')
  })

  test.each([
    ['in Washington names its rules', { state: 'WA' }, true],
    ['elsewhere names none of them: no line, no source, no link', {}, false],
  ])('%s', async (_, site, isNamed) => {
    const longSupply = mriAfter(9, {
      rule: 'OP04',
      orders: [
        { medicine: { code: 'rxnorm 857002', reason: 'icd10 M54.50', take: '1 every 6 hours', days: 30 } },
      ],
    })
    const { cards } = await (await siteWith(site)).evaluate(longSupply)
    expect(cards.map(({ source }) => source.topic.code)).toEqual(['OP04'])
    expect(/Washington|WAC/.test(JSON.stringify(cards))).toBe(isNamed)
  })

  test('with Epic as its client gets medicines and diagnoses under the names that Epic knows (section 13)', async () => {
    const risky = mriAfter(9, {
      rule: 'OP08',
      chart: [
        { problem: { code: 'icd10 M54.50', onset: '9 days ago', at: 'this visit' } },
        { medicine: { text: 'LORazepam 0.5 mg tablet', started: '20 days ago', days: 30 } },
      ],
      orders: [
        { medicine: { code: 'rxnorm 1049621', reason: 'icd10 M54.50', take: '1 every 6 hours', days: 3 } },
      ],
    })
    const naloxone = async (profile: string) => {
      const { cards } = await (await siteWith({ clients: { profile } })).evaluate(risky)
      const offered = cards.flatMap(({ suggestions = [] }) => suggestions.flatMap(({ actions }) => actions))
      const drafted = offered.find(({ resource }) => resource?.resourceType === 'MedicationRequest')?.resource
      return drafted?.resourceType === 'MedicationRequest'
        ? drafted.medicationCodeableConcept?.coding?.[0]?.system
        : undefined
    }
    expect(await naloxone('epic')).toBe('urn:oid:2.16.840.1.113883.6.88')
    expect(await naloxone('standard')).toBe('http://www.nlm.nih.gov/research/umls/rxnorm')
  })
})

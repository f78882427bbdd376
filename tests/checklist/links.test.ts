/**
 * Every card whose advice hangs on a question leads to that question: its link opens a page on which the question is
 * asked first. One vignette for each rule, with the SMART app beside the service.
 */
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import type { Card, Link } from '../../src/cards/render.ts'
import {
  checkKept,
  evaluationBook,
  type KeptEvaluation,
  keepEvaluations,
} from '../../src/checklist/why/evaluations.ts'
import { createEvaluator, type Evaluator } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { memoryStores } from '../../src/store/store.ts'
import type { Vignette } from '../language/vignette.ts'
import { toCall } from '../support/call.ts'
import { content, vignetteOf, vignettes } from '../support/evaluated.ts'

vi.setConfig({ testTimeout: 120_000 })

const server = 'https://ehr.example.org/fhir'
const now = () => new Date('2026-11-21T18:32:00Z')

interface Opened {
  cards: readonly Card[]
  /** Undefined where nothing is kept. */
  kept: KeptEvaluation | undefined
  evaluator: Evaluator
}

const book = evaluationBook(memoryStores(() => now().getTime()).kept, 8, () => now().getTime())
const keep = keepEvaluations({
  book,
  version: '1.0.0',
  now,
  onlyServer: () => server,
  onFailure: (reason) => {
    throw new Error(reason)
  },
})

const compiled = new Map<string, Evaluator>()
/** Compiled once for each day, with the site as the project sets it. */
function evaluatorOf({ today }: Vignette, keeps: boolean): Evaluator {
  const name = `${today} ${keeps}`
  const made =
    compiled.get(name) ??
    createEvaluator(content, {
      today: () => today,
      newId: randomUUID,
      places: { app: () => 'https://lumbar.example.org/smart/launch' },
      ...(keeps ? { keep } : {}),
    })
  compiled.set(name, made)
  return made
}

/** The answer to a vignette, where the app is registered; `keeps` whether its evaluation can be found again. */
async function answered(vignette: Vignette, keeps = true): Promise<Opened> {
  const evaluator = evaluatorOf(vignette, keeps)
  const body = toCall(vignette)
  const service = services.find(({ hook }) => hook === body.hook)
  if (!service) throw new Error(`no service answers ${body.hook}`)
  const { cards } = await evaluator.evaluate(parseCall(body, service))
  const id = contextOf(cards[0]?.links?.find(({ type }) => type === 'smart')).evaluation
  return { cards, kept: id === undefined ? undefined : await found(id), evaluator }
}

/** It is kept beside the call, a moment later. */
async function found(id: string): Promise<KeptEvaluation | undefined> {
  for (let turn = 0; turn < 50; turn++) {
    const kept = await book.find(id)
    if (kept) return kept
    await setImmediate()
  }
  return undefined
}

const contextOf = (link: Link | undefined): { page?: string; evaluation?: string; card?: number } =>
  link?.type === 'smart' ? JSON.parse(link.appContext) : {}

/** Open questions whose answer would make other cards. */
async function hangingOn({ kept, evaluator }: Opened) {
  if (!kept) return undefined
  const checked = await checkKept(
    { content, evaluator, tellTime: String, now },
    kept,
    undefined,
    setImmediate,
  )
  const changing = [...checked.first, ...checked.groups.flatMap(({ questions }) => questions)].filter(
    ({ state, ifYes, ifNo }) => state === 'open' && (ifYes !== undefined || ifNo !== undefined),
  )
  const onset = checked.onset?.state === 'open' && checked.onset.matters
  return { checked, changing, onset, hangs: changing.length > 0 || onset }
}

/** One of each rule that holds, and of each that cannot be told, as the site of the project is set. */
const examples = [
  ...new Map(
    vignettes
      .filter(({ expect: wanted, side, site }) => wanted.cards.length > 0 && side !== 'silent' && !site)
      .map((each) => [`${each.rule} ${each.side}`, each]),
  ).values(),
]

describe('A card whose advice hangs on a question', () => {
  test('leads to that question, asked first, whatever its rule', async () => {
    const missing: string[] = []
    let hanging = 0
    for (const vignette of examples) {
      const opened = await answered(vignette)
      if (opened.cards.length === 0) continue
      const on = await hangingOn(opened)
      if (!on) missing.push(`${vignette.vignette}: its evaluation is not kept`)
      if (!on?.hangs) continue
      hanging += 1
      opened.cards.forEach((card, at) => {
        const link = card.links?.find((each) => contextOf(each).page === 'why')
        if (contextOf(link).card !== at) missing.push(`${vignette.vignette}: card ${at} does not lead there`)
      })
      const asked = new Set(on.checked.first.map(({ fact }) => fact))
      const unasked = on.changing.filter(({ fact }) => !asked.has(fact))
      if (unasked.length > 0 && asked.size < 6)
        missing.push(`${vignette.vignette}: ${unasked.map(({ fact }) => fact).join(', ')} not asked first`)
    }
    expect(hanging).toBeGreaterThan(20)
    expect(missing).toEqual([])
  })

  test('names its further sources on the page that says why, and itself only where no link leads there', async () => {
    const vignette = examples.find(({ rule, side }) => rule === 'IM01' && side === 'fires')
    if (!vignette) throw new Error('no vignette of IM01 fires')
    const [explained, alone] = [await answered(vignette), await answered(vignette, false)]
    const outside = ({ cards }: Opened) =>
      (cards[0]?.links ?? []).flatMap(({ type, url }) => (type === 'absolute' ? [url] : []))
    expect(outside(explained)).toEqual([])
    expect(outside(alone).length).toBeGreaterThan(0)
    const [card] = explained.kept?.cards ?? []
    const why = card && explained.evaluator.why(card, explained.kept?.cases[0]?.facts ?? new Map())
    expect(why?.sources.map(({ url }) => url)).toEqual(expect.arrayContaining(outside(alone)))
  })

  test('leads to the checklist where its evaluation cannot be found again', async () => {
    for (const vignette of examples.filter(({ side }) => side === 'cannot-tell')) {
      const { cards } = await answered(vignette, false)
      for (const card of cards)
        expect(
          card.links?.map((link) => contextOf(link).page),
          vignette.vignette,
        ).toContain('checklist')
    }
  })

  test('asks what only the second order hangs on, too', async () => {
    const opened = await answered(vignetteOf('V47'))
    const on = await hangingOn(opened)
    expect(opened.kept?.cases.map(({ kind }) => kind)).toEqual(['lumbar-imaging', 'opioid'])
    const facts = [
      ...(on?.checked.first ?? []),
      ...(on?.checked.groups.flatMap(({ questions }) => questions) ?? []),
    ]
    expect(facts.map(({ fact }) => fact)).toEqual(
      expect.arrayContaining(['cancer-pain', 'sickle-cell-disease']),
    )
  })
})

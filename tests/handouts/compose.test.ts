/** Who is given what: by situation, by a clinician's choice, and never without the warning signs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { LumbarError } from '../../src/errors.ts'
import { composeHandout, factsAsked, namesIn, wholePage } from '../../src/handouts/compose.ts'
import { libraryOf } from '../../src/handouts/model.ts'
import { answer, cannotTell, type Facts } from '../../src/pathway/known.ts'
import { realContent } from '../support/evaluator.ts'
import { factsTold, type Told } from '../support/handout-facts.ts'
import { fullSite } from '../support/handout-pages.ts'

interface Situation {
  situation: string
  facts: Told
  shown?: string[]
  'not-shown'?: string[]
  /** Nothing else is shown. */
  exactly?: true
}

const content = realContent()
const library = libraryOf(content)
const names = namesIn(library)
const sectionsOf = (part: string) => names.filter((name) => name === part || name.startsWith(`${part}/`))
const situations: Situation[] = parse(readFileSync(join(import.meta.dirname, 'situations.yaml'), 'utf8'))
const compose = (facts: Told, chosen?: string[]) =>
  composeHandout(content, factsTold(content, facts), { language: 'en', ...(chosen ? { chosen } : {}) })

describe('A handout that nobody has chosen fits the situation', () => {
  it.each(situations)('$situation', ({ facts, shown = [], 'not-shown': hidden = [], exactly }) => {
    const given = compose(facts).fitting
    const wanted = shown.flatMap(sectionsOf)
    expect([...shown, ...hidden].filter((part) => sectionsOf(part).length === 0)).toEqual([])
    expect(wanted.filter((name) => !given.includes(name))).toEqual([])
    expect(hidden.flatMap(sectionsOf).filter((name) => given.includes(name))).toEqual([])
    if (exactly) expect(given).toEqual(names.filter((name) => wanted.includes(name)))
  })

  it('says of each part that is left out why, and which facts nobody could tell', () => {
    const { leftOut } = compose({ 'onset-days': 12, age: 40, 'imaging-drafted': 'drafted', fever: 'unknown' })
    expect(leftOut.find(({ name }) => name === 'no-scan-yet/harms')).toMatchObject({
      why: 'cannot-tell',
      unknown: ['fever'],
    })
    expect(leftOut.find(({ name }) => name === 'what-helps/goal')).toMatchObject({ why: 'more' })
    expect(leftOut.find(({ name }) => name === 'exercises/bridge')).toMatchObject({ why: 'by-hand' })
    expect(leftOut.every(({ because }) => because.length > 10)).toBe(true)
  })

  it('never says that a scan can wait while a red flag is on record or cannot be told', () => {
    const flags = Object.keys(content.facts).filter((name) => content.facts[name]?.['red-flag'])
    expect(flags.length).toBeGreaterThan(15)
    for (const flag of flags) {
      for (const value of [true, 'unknown']) {
        const { shown, fitting } = compose({
          'onset-days': 12,
          age: 40,
          'imaging-drafted': 'drafted',
          [flag]: value,
        })
        expect([...shown, ...fitting], `${flag}: ${value}`).not.toContain('no-scan-yet/what-scans-do')
      }
    }
  })
})

describe('Whatever is known and whatever is chosen', () => {
  const known = fc.constantFrom(answer(true), answer(false), cannotTell())
  const numbers = fc.integer({ min: 0, max: 120 }).map((days) => answer({ low: days, high: days }))
  const drafted = fc.constantFrom(answer('drafted'), answer('not-drafted'), cannotTell())
  const facts: fc.Arbitrary<Facts> = fc
    .record(
      Object.fromEntries(
        factsAsked(content).map((name) => {
          const numeric = ['age', 'onset-days'].includes(name)
          return [
            name,
            numeric ? fc.oneof(numbers, fc.constant(cannotTell())) : /-drafted$/.test(name) ? drafted : known,
          ]
        }),
      ),
    )
    .map((record) => new Map(Object.entries(record)))
  const chosen = fc.option(fc.subarray([...names, ...Object.keys(library.handouts)], { minLength: 1 }), {
    nil: undefined,
  })

  it('the warning signs are in, and no page comes without its cautions', () => {
    fc.assert(
      fc.property(facts, chosen, (told, wish) => {
        const { shown } = composeHandout(content, told, { language: 'en', ...(wish ? { chosen: wish } : {}) })
        expect(shown).toEqual(expect.arrayContaining(sectionsOf('warning-signs')))
        for (const page of new Set(shown.map((name) => name.split('/')[0] ?? ''))) {
          const declared = library.handouts[page]?.sections ?? {}
          const cautions = Object.keys(declared).filter((id) => declared[id]?.level === 'caution')
          expect(shown).toEqual(expect.arrayContaining(cautions.map((id) => `${page}/${id}`)))
        }
      }),
    )
  })

  it('each section is either shown or left out with a reason', () => {
    fc.assert(
      fc.property(facts, chosen, (told, wish) => {
        const { shown, leftOut } = composeHandout(content, told, {
          language: 'en',
          ...(wish ? { chosen: wish } : {}),
        })
        expect([...shown, ...leftOut.map(({ name }) => name)].sort()).toEqual([...names].sort())
      }),
    )
  })
})

describe('A handout that a clinician has chosen', () => {
  const facts: Told = { 'onset-days': 12, age: 40, 'cauda-equina-sign': true }

  it('holds the chosen pages and sections, the warning signs and the cautions', () => {
    const { shown, exception } = compose(facts, ['exercises/bridge', 'when-to-come-back'])
    expect(exception).toBeUndefined()
    expect(shown).toEqual([
      ...sectionsOf('warning-signs'),
      'exercises/before-you-start',
      'exercises/bridge',
      ...sectionsOf('when-to-come-back'),
    ])
  })

  it.each(['exercise', 'exercises/bridges', '__proto__', 'constructor/name', ''])(
    'is refused when it names what does not exist: %j',
    (part) => {
      expect(() => compose(facts, [part])).toThrow(LumbarError)
    },
  )

  it.each(['xx', '', '__proto__', 'EN'])('is refused in a language without pages: %j', (language) => {
    expect(() => composeHandout(content, new Map(), { language })).toThrow(LumbarError)
  })
})

describe('A handout', () => {
  const { handout } = composeHandout(fullSite(content), factsTold(content, 'everything-unknown'), {
    language: 'en',
    payers: ['Example Health Plan'],
  })

  it('carries its version, its day, its standing and the labels of its sources', () => {
    expect(handout).toMatchObject({ version: library.version, written: '2026-11-22', direction: 'ltr' })
    expect(handout.standing.map(({ text }) => text)).toEqual([library.words.en?.phrases.draft])
    expect(handout.sources).toContain(library.words.en?.sources['acp-2017'])
    expect(new Set(handout.sources).size).toBe(handout.sources.length)
  })

  it("names the site's places, the programmes of the patient's payer, and the public address", () => {
    // Chiropractic care only where nothing is known to speak against it.
    expect(handout.places.map(({ name }) => name)).toEqual(['Spine Center Physical Therapy'])
    const known = factsTold(content, { 'onset-days': 12, age: 40 })
    const whole = composeHandout(fullSite(content), known, { language: 'en' }).handout
    expect(whole.places.map(({ name }) => name)).toEqual([
      'Spine Center Physical Therapy',
      'Harbor Chiropractic',
    ])
    expect(handout.programmes.map(({ name }) => name)).toEqual(['Back care at home', 'Members only'])
    expect(handout.address).toBe('https://lumbar.example.org/handouts/en')
  })

  it('names no programme of a payer, and no address, where neither is known', () => {
    const page = wholePage(fullSite(content), 'en', 'what-helps')
    expect(page?.programmes.map(({ name }) => name)).toEqual(['Back care at home'])
    expect(wholePage(content, 'en', 'what-helps')?.address).toBeUndefined()
  })

  it.each([
    ['en', 'nothing'],
    ['xx', 'what-helps'],
    ['__proto__', 'what-helps'],
    ['en', 'constructor'],
  ])('is not there in %s as %s', (language, id) => {
    expect(wholePage(content, language, id)).toBeUndefined()
  })
})

/**
 * The handout that nobody has chosen, for every mix of facts: short, two pages, with the warning signs, nothing untrue.
 * All mixes of one and two circumstances, and a fifth of the others; all of them by `npm run test:whole`.
 */
import { describe, expect, it } from 'vitest'
import { composeHandout, namesIn } from '../../src/handouts/compose.ts'
import { renderHandout } from '../../src/handouts/html.ts'
import { libraryOf } from '../../src/handouts/model.ts'
import { writePdf } from '../../src/handouts/pdf/write.ts'
import { linesOf, wordsOf } from '../../src/pathway/handouts/text.ts'
import { realContent } from '../support/evaluator.ts'
import { factsTold } from '../support/handout-facts.ts'
import { fullSite } from '../support/handout-pages.ts'
import { readPrinted } from '../support/pdf.ts'
import { sampleOf } from '../support/sweep.ts'

const content = realContent()
const library = libraryOf(content)

/** What each circumstance tells the facts, the groups with it. */
const circumstances = {
  'weak bones': { 'fracture-risk': true, 'manipulation-unsafe': true },
  steroids: {
    'fracture-risk': true,
    'long-steroid': true,
    'manipulation-unsafe': true,
    'nsaid-unsafe': true,
  },
  pregnant: { pregnant: true, 'nsaid-unsafe': true },
  'over 65': { age: 68 },
  'over 70': { age: 78 },
  sciatica: { sciatica: true },
  'opioid drafted': { 'opioid-drafted': 'drafted' },
  'opioids daily': { 'opioid-exposed': true },
  'cancer before': { 'cancer-history': true, 'manipulation-unsafe': true },
  'blood thinner': { anticoagulant: true, 'nsaid-unsafe': true, 'manipulation-unsafe': true },
  'scan drafted': { 'imaging-drafted': 'drafted' },
  emergency: { 'cauda-equina-sign': true, 'manipulation-unsafe': true },
  'long-lasting': { 'onset-days': 200 },
} as const
type Circumstance = keyof typeof circumstances
const all = Object.keys(circumstances) as Circumstance[]

const told = (some: readonly Circumstance[]) =>
  factsTold(content, Object.assign({ age: 40, 'onset-days': 12 }, ...some.map((each) => circumstances[each])))

/** What may not be said, by what is known: names of sections and sentences. */
const contradicted: Readonly<Record<Circumstance, readonly string[]>> = {
  'weak bones': [
    'chiropractic',
    'nothing-broken',
    'weak-bones',
    'what-helps/hands-on',
    'no-scan-yet/what-scans-do',
    'older-fall',
  ],
  steroids: ['nothing-broken', 'weak-bones', 'steroids', 'what-helps/hands-on', 'no-scan-yet/what-scans-do'],
  pregnant: ['pregnancy', 'medicines/nsaids', 'no-scan-yet/what-scans-do'],
  'over 65': ['medicines/nsaids'],
  'over 70': ['nothing-broken', 'older-fall', 'medicines/nsaids'],
  sciatica: ['exercises/bridge', 'exercises/hamstring-stretch'],
  'opioid drafted': [],
  'opioids daily': ['opioids/what-they-are', 'opioids/if-you-get-them'],
  'cancer before': [
    'chiropractic',
    'back-pain/what-to-expect',
    'nothing-broken',
    'cancer',
    'what-helps/hands-on',
    'no-scan-yet/what-scans-do',
  ],
  'blood thinner': ['chiropractic', 'medicines/nsaids', 'what-helps/hands-on', 'who-can-help/chiropractor'],
  'scan drafted': [],
  emergency: [
    'nothing-broken',
    'back-pain/what-to-expect',
    'no-scan-yet/what-scans-do',
    'what-helps/keep-moving',
  ],
  'long-lasting': ['back-pain/what-to-expect', 'when-to-come-back/when', 'no-scan-yet/what-scans-do'],
}
const owed: Partial<Record<Circumstance, string>> = {
  'weak bones': 'about-you/weak-bones',
  pregnant: 'about-you/pregnant',
  'over 65': 'about-you/over-65',
  sciatica: 'about-you/leg-pain',
  'opioid drafted': 'opioids/stay-safe',
  'opioids daily': 'opioids/already-taking',
  'cancer before': 'about-you/cancer',
  'blood thinner': 'about-you/blood-thinner',
}

/** Nobody has two ages. */
const canBoth = (one: Circumstance, other: Circumstance) =>
  one !== other && !('age' in circumstances[one] && 'age' in circumstances[other])

/** Left out of the full product, which each would double: they come alone and in pairs. */
const rarer: readonly Circumstance[] = ['steroids', 'over 65', 'long-lasting']
const usual = all.filter((each) => !rarer.includes(each))
const product = Array.from({ length: 2 ** usual.length }, (_, bits) =>
  usual.filter((_, at) => bits & (1 << at)),
)
const mixes: readonly (readonly Circumstance[])[] = [
  ...product.filter(({ length }) => length <= 2 || length === usual.length),
  ...sampleOf(
    product.filter(({ length }) => length > 2 && length < usual.length),
    5,
  ),
  ...rarer.flatMap((each) => [
    [each],
    ...all.filter((other) => canBoth(other, each)).map((other) => [other, each]),
  ]),
]
const signs = namesIn(library).filter((name) => name.startsWith('warning-signs/'))
const compose = (mix: readonly Circumstance[], language: string, of = content) =>
  composeHandout(of, told(mix), { language })

describe.each(['en', 'es'])('The handout by default, in %s, over all mixes of facts', (language) => {
  const composed = mixes.map((mix) => {
    const made = compose(mix, language)
    return { mix, ...made, words: countOf(renderHandout(made.handout).text) }
  })

  it('is at most 500 words on paper', () => {
    const counts = composed.map(({ words }) => words)
    expect(Math.max(...counts)).toBeLessThanOrEqual(500)
    // Neither is it empty.
    expect(Math.min(...counts)).toBeGreaterThan(150)
  })

  it('holds the warning signs, whole but for what the patient is known to have', () => {
    const mayGo = library.choices.sentences.map(({ say }) => say)
    for (const { shown, handout, mix } of composed) {
      expect(shown, mix.join(', ')).toEqual(expect.arrayContaining(signs))
      const lines = handout.parts.find(({ id }) => id === 'warning-signs')?.sections.flatMap(linesOf) ?? []
      const marks = lines.map(({ safety }) => safety)
      const due = Object.keys(library.safety).filter((name) =>
        library.safety[name]?.in.startsWith('warning-signs/'),
      )
      expect(
        due.filter((name) => !mayGo.includes(name) && !marks.includes(name)),
        mix.join(', '),
      ).toEqual([])
      if (mix.some((each) => ['weak bones', 'steroids', 'over 70'].includes(each)))
        expect(
          lines.map(({ only }) => only),
          mix.join(', '),
        ).toContain('any-fall')
      else expect(marks, mix.join(', ')).toContain('older-fall')
    }
  })

  it('says nothing that the facts contradict, nor does the site', () => {
    const { places } = library.words[language] ?? {}
    const site = fullSite(content)
    for (const { shown, handout, mix } of composed) {
      const lines = handout.parts.flatMap(({ sections }) => sections.flatMap(linesOf))
      const said = [...shown, ...lines.flatMap(({ safety, only }) => safety ?? only ?? [])]
      const sent = mix.length > 2 ? [] : compose(mix, language, site).handout.places
      if (sent.some(({ what }) => what === places?.chiropractic)) said.push('chiropractic')
      for (const each of mix)
        expect(
          said.filter((name) => contradicted[each].includes(name)),
          `${each} of ${mix.join(', ')}`,
        ).toEqual([])
    }
    expect(compose([], language, site).handout.places).toHaveLength(2)
  })

  it('tells what is special for the patient, of each pair of circumstances', () => {
    for (const { shown, mix } of composed) {
      if (mix.length > 2 || mix.includes('emergency')) continue
      for (const each of mix) {
        const part = owed[each]
        if (part !== undefined) expect(shown, mix.join(', ')).toContain(part)
      }
    }
  })

  it('says to a healthy adult in the second week that nothing is broken, and to a whole chart that did not come not', () => {
    const sentence = library.texts[language]?.['back-pain']?.sections.get('what-it-is')
    const [broken] = sentence ? linesOf(sentence).filter(({ only }) => only === 'nothing-broken') : []
    const words = broken ? wordsOf(broken) : 'there is no such sentence'
    expect(renderHandout(compose([], language).handout).text).toContain(words)
    const unknown = composeHandout(content, factsTold(content, 'everything-unknown'), { language })
    expect(renderHandout(unknown.handout).text).not.toContain(words)
  })

  it('is two pages of Letter and of A4, also where it is longest and the site has filled in all', {
    timeout: 120_000,
  }, async () => {
    const longest = composed
      .map(({ mix, words, handout }) => ({ mix, words, parts: handout.parts.length }))
      .sort((a, b) => b.words + 12 * b.parts - (a.words + 12 * a.parts))
    const some = [
      ...longest.slice(0, 2).map(({ mix }) => mix),
      [],
      ...all.filter((_, at) => at % 3 === 0).map((each) => [each]),
    ]
    for (const from of [content, fullSite(content)]) {
      for (const mix of some) {
        const { handout } = compose(mix, language, from)
        for (const size of ['LETTER', 'A4'] as const) {
          const { pages, text } = await readPrinted(await writePdf(handout, { size }))
          expect(pages, `${size}: ${mix.join(', ')}`).toBeLessThanOrEqual(2)
          expect(text).toContain('911')
        }
      }
    }
  })
})

/** Written apart from the service's own count: all that stands between tags, without what only screen readers hear. */
function countOf(page: string): number {
  const paper = page.replace(/<svg.*?<\/svg>/gs, ' ').replace(/<\/?(strong|a|span)[^>]*>/g, '')
  return [...paper.replace(/<[^>]+>/g, '\n').matchAll(/[^\s]*[\p{L}\p{N}][^\s]*/gu)].length
}

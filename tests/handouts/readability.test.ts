/** Pages for patients are easy to read: sixth grade or below, short sentences, no words that frighten. */
import { afterAll, describe, expect, it } from 'vitest'
import { libraryOf } from '../../src/handouts/model.ts'
import { linesOf, wordsOf } from '../../src/pathway/handouts/text.ts'
import { realContent } from '../support/evaluator.ts'
import { readEnglish, readSpanish, sentencesOf, spanishSyllables, wordsIn } from './readability.ts'

const { texts } = libraryOf(realContent())
const pagesIn = (language: string) => Object.entries(texts[language] ?? {})
const sentences = (language: string, id: string) =>
  sentencesOf([...(texts[language]?.[id]?.sections.values() ?? [])])

/** Most words of a sentence; Spanish needs more of them to say the same. */
const longest = { en: 15, es: 20 }

describe('Every English page', () => {
  const measured = pagesIn('en').map(([id]) => ({ page: id, ...readEnglish(sentences('en', id)) }))

  it.each(measured)('reads at grade 6 or below: $page, grade $grade', ({ grade, smog }) => {
    expect(grade).toBeLessThanOrEqual(6)
    // Reported, not judged: it wants 30 sentences at least.
    expect(smog).toBeGreaterThan(0)
  })

  it.each(measured)(`has no sentence of more than ${longest.en} words: $page`, ({ longest: sentence }) => {
    expect(wordsIn(sentence).length, sentence).toBeLessThanOrEqual(longest.en)
  })

  it.each(measured)('has no word that frightens: $page', ({ page }) => {
    const said = sentences('en', page).join(' ')
    expect(said).not.toMatch(/slipped|degenerat|crumbl|torn|wear and tear|permanent/i)
  })

  afterAll(() => {
    console.log('Readability, English (Flesch-Kincaid grade, SMOG)')
    console.table(
      measured.map(({ page, grade, smog }) => ({ page, grade: grade.toFixed(1), smog: smog.toFixed(1) })),
    )
  })
})

describe('Every Spanish page', () => {
  const measured = pagesIn('es').map(([id]) => ({ page: id, ...readSpanish(sentences('es', id)) }))

  it.each(measured)(
    'is "bastante fácil" or easier by INFLESZ and Fernández-Huerta: $page',
    ({ inflesz, fernandezHuerta }) => {
      expect(inflesz).toBeGreaterThanOrEqual(65)
      expect(fernandezHuerta).toBeGreaterThanOrEqual(70)
    },
  )

  it.each(measured)(`has no sentence of more than ${longest.es} words: $page`, ({ longest: sentence }) => {
    expect(wordsIn(sentence).length, sentence).toBeLessThanOrEqual(longest.es)
  })

  afterAll(() => {
    console.log('Readability, Spanish (100 is easiest)')
    console.table(
      measured.map(({ page, inflesz, fernandezHuerta }) => ({
        page,
        inflesz: inflesz.toFixed(1),
        'fernández-huerta': fernandezHuerta.toFixed(1),
      })),
    )
  })
})

describe('The measure', () => {
  it('finds a guideline much too hard for the page', () => {
    const guideline = [
      'Nonpharmacologic treatment with superficial heat, massage, acupuncture, or spinal manipulation is preferable initially, because deterioration is uncommon.',
    ]
    expect(readEnglish(guideline).grade).toBeGreaterThan(12)
    const guía = [
      'La administración prolongada de corticosteroides sistémicos predispone significativamente a complicaciones osteoporóticas.',
    ]
    expect(readSpanish(guía).inflesz).toBeLessThan(40)
  })

  it('counts an entry of a list as a sentence and leaves headings out', () => {
    const line = (text: string) => ({ runs: [{ text, strong: false }] })
    const blocks = [
      { kind: 'paragraph' as const, ...line('One. Two!') },
      { kind: 'list' as const, ordered: false, items: [line('three'), line('four')] },
    ]
    expect(sentencesOf([{ id: 'a', title: 'Heading', blocks }])).toEqual(['One.', 'Two!', 'three', 'four'])
  })

  it.each([
    ['caída', 3],
    ['huesos', 2],
    ['ciudad', 2],
    ['país', 2],
    ['aeropuerto', 5],
    ['guitarra', 3],
    ['vergüenza', 3],
    ['queso', 2],
    ['ayuda', 3],
    ['rey', 1],
    ['y', 1],
    ['respiración', 4],
    ['fisioterapeuta', 6],
  ])('hears the syllables of %s', (word, count) => {
    expect(spanishSyllables(word)).toBe(count)
  })
})

describe('A word that only clinicians know', () => {
  /** Each with the words that explain it, wherever it stands first. */
  const explained: readonly [page: string, word: RegExp, meaning: RegExp][] = [
    ['back-pain', /discs/, /Discs are the soft pads/],
    ['warning-signs', /\bER\b/, /The ER is the emergency room/],
    ['no-scan-yet', /procedure/, /A procedure is a treatment/],
    ['exercises', /hamstring/i, /The hamstring is the muscle/],
    ['who-can-help', /\bPT\b/, /A physical therapist \(PT\)/],
    ['medicines', /NSAID/, /Ibuprofen and naproxen are NSAIDs/],
    ['opioids', /overdose/, /overdose, which is too much of the drug/],
    ['opioids', /Naloxone/, /Naloxone is a nose spray/],
  ]
  it.each(explained)('on %s is explained: %s', (page, word, meaning) => {
    const said = [...(texts.en?.[page]?.sections.values() ?? [])]
      .flatMap((section) => linesOf(section).map(wordsOf))
      .join(' ')
    expect(said).toMatch(word)
    expect(said).toMatch(meaning)
  })
})

/** Words that stand for codes: each term is heard, alone and in a sentence, and what is said around it is told apart. */
import { describe, expect, test } from 'vitest'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import type { Said } from '../../src/facts/reading/said.ts'
import { content } from './support.ts'

const lexicon = new Lexicon(content)
const keys = (rows: Said['affirmed']) => new Set(rows.map(({ key }) => key))
const terms = content.meanings.meanings.flatMap((entry) =>
  'means' in entry
    ? entry.terms.map((term) => ({
        term,
        wanted: Object.entries(entry.means).flatMap(([set, groups]) =>
          groups.map((group) => `${set}/${group}`),
        ),
      }))
    : [],
)
/** Parts of a term as they may stand in a text: the first word of each choice; a term of one part has none ("s/p"). */
const spoken = (term: string) => {
  const parts = term.split(/[+~]/)
  const said = parts.length > 1 ? parts.map((part) => part.split('/')[0]?.trim()) : parts
  // Kinds of words, as one word of them: the least number, a word that ends so.
  const words = said.map((part) => part?.replace(/^(\d+)\.\.\d+$/, '$1').replace(/^\*/, 'unknown'))
  return words.join(term.includes('~') ? ' ' : ' of the ')
}

describe('a term', () => {
  test('is heard alone, and with words around it', () => {
    const deaf = terms.filter(({ term, wanted }) => {
      const alone = keys(lexicon.read(spoken(term)).affirmed)
      const within = keys(lexicon.read(`Patient seen today: ${spoken(term).toUpperCase()}.`).affirmed)
      return wanted.some((key) => !alone.has(key) || !within.has(key))
    })
    // What names the past says so itself.
    expect(deaf.map(({ term }) => term).filter((term) => !/history|old|prior|healed/.test(term))).toEqual([])
  })

  test('that is denied, or of the family, is not heard', () => {
    const heard = terms.filter(({ term, wanted }) =>
      ['No evidence of', 'Denies', 'Family history of', 'Sin evidencia de'].some((denial) => {
        const said = lexicon.read(`${denial} ${spoken(term).replaceAll(' of the ', ' ')}`)
        const all = keys([...said.affirmed, ...said.suspected, ...said.past])
        return wanted.some((key) => all.has(key))
      }),
    )
    // A word at which something new begins ends a denial; "no rectal tone" is itself the finding.
    expect(
      heard
        .map(({ term }) => term)
        .filter(
          (term) =>
            !/ with |worsening|new |^ (no|not|has not|without|sin|con) |can no |not able|does not /.test(
              ` ${term} `,
            ),
        ),
    ).toEqual([])
  })

  test('that is suspected is neither said nor left out', () => {
    const { affirmed, suspected } = lexicon.read('Rule out cauda equina syndrome')
    expect([...keys(affirmed)]).toEqual([])
    expect([...keys(suspected)]).toEqual(['d08-redflag-cauda-equina/cauda-equina'])
  })

  test('of the past is past', () => {
    for (const text of [
      'History of breast cancer',
      'breast cancer, in remission 2014',
      'Antecedente de cáncer de mama',
    ]) {
      const said = lexicon.read(text)
      expect(said.affirmed, text).toEqual([])
      expect(keys(said.past).size, text).toBeGreaterThan(0)
    }
  })
})

describe('a text', () => {
  test.each(['', '  ', '---', 'see note', 'N/A', 'Unknown', '腰痛', 'Боль'])(
    '%j says nothing that can be read',
    (text) => {
      expect(lexicon.read(text).isEmpty).toBe(true)
    },
  )

  test.each([
    'Seasonal allergic rhinitis',
    'Hay fever',
    'Stress incontinence',
    'Fall risk',
    'Basal cell carcinoma',
  ])('%j is read, and no sign of anything', (text) => {
    const { affirmed, isEmpty } = lexicon.read(text)
    expect(isEmpty).toBe(false)
    expect([...keys(affirmed)].filter((key) => !key.endsWith('nonmelanoma-skin'))).toEqual([])
  })
})

describe('a long text', () => {
  const filler = 'Seen in clinic and sent home, stable. '

  test('is read to its end', () => {
    const text = `${filler.repeat(400)}New saddle anesthesia.`
    expect(text.length).toBeGreaterThan(15_000)
    expect(keys(lexicon.read(text).affirmed)).toEqual(keys(lexicon.read('New saddle anesthesia.').affirmed))
    expect(keys(lexicon.read(text).affirmed).size).toBeGreaterThan(0)
  })

  test('that is longer than what is read of one is not read whole, whatever was found', () => {
    const beyond = filler.repeat(600)
    expect(lexicon.read(beyond)).toMatchObject({ isBeyond: true, isEmpty: true })
    expect(lexicon.read(`New saddle anesthesia. ${beyond}`)).toMatchObject({ isBeyond: true })
    expect(lexicon.read(filler.repeat(300)).isBeyond).toBeUndefined()
  })

  test('dates each finding by the words beside it alone', () => {
    const { times } = lexicon.read(
      'compression fracture 2018, osteoporosis and breast cancer; lumbar fusion, 2012',
    )
    expect(new Set(times.values())).toEqual(new Set([{ year: 2018 }, { year: 2012 }]))
  })
})

/** Phrases with their truth (phrases/*.tsv), each in a chart of its own; a fixed half of them is kept back. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Queries } from '../../fhir-fixtures/load.ts'
import { type Event, eventOf, inPlace, type Story } from './events.ts'

export const halves = ['learning', 'kept-back'] as const
type Half = (typeof halves)[number]
/** Phrases of the same kinds by two further authors, written when the readings had been mended by the first ones. */
const second = ['second-learning', 'second-kept-back'] as const
/**
 * The exam is by an author of its own, written while the readings were mended and shown to nobody until it was run.
 * Everyday sentences are those of almost every visit: denials and normal findings.
 */
const files = ['exam', 'ordinary', 'everyday'] as const
export const batches = [...halves, ...second, ...files] as const
export type Batch = (typeof batches)[number]

const folder = join(import.meta.dirname, 'phrases')
const scanTruths = z.enum(['emergency', 'reasonable', 'either', 'notnow'])
const opioidTruths = z.enum(['danger', 'none', 'either'])

interface Phrase {
  truth: string
  concept: string
  place?: string | undefined
  words: string
}

/** By the words alone: whoever moves or adds a line moves no other one into another half. */
export const halfOf = (words: string): Half =>
  (createHash('sha256').update(words.trim().toLowerCase()).digest()[0] ?? 0) % 2 === 0
    ? 'learning'
    : 'kept-back'

/** Lines of one file but for its comments and its first line, which names the columns. */
function read(file: string): Phrase[] {
  const [head = '', ...lines] = readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const columns = head.split('\t')
  return lines.map((line) => {
    const cells = line.split('\t')
    if (cells.length !== columns.length)
      throw new Error(`${file}: not ${columns.length} columns in "${line}"`)
    const cell = (name: string) => cells[columns.indexOf(name)]?.trim()
    return {
      truth: cell('truth') ?? '',
      concept: cell('concept') ?? '',
      place: cell('place'),
      words: cell('phrase') ?? '',
    }
  })
}

const concepts = z
  .strictObject({
    /** What has to be said beside an opioid; of a concept with none nothing is judged. */
    opioid: z.record(z.string(), z.array(z.string())),
    'may-be-urgent': z.strictObject({ concepts: z.array(z.string()), cards: z.array(z.string()) }),
  })
  .parse(parse(readFileSync(join(folder, 'concepts.yaml'), 'utf8')))

/** Where the words of an imaging order's chart stand, in turns. */
const places = ['note', 'visit', 'problem'] as const

export function* phraseEvents(queries: Queries, batch: Batch): Generator<Event> {
  let number = 0
  const half = halves.find((each) => batch.endsWith(each))
  for (const file of filesOf(batch))
    for (const phrase of read(`${file}.tsv`)) {
      number += 1
      if (half && halfOf(phrase.words) !== half) continue
      const place = phrase.place ?? places[number % places.length] ?? 'note'
      const story = phrase.place ? besideOpioid(phrase, number) : besideScan(phrase, number)
      const variant = { lines: [lineIn(place, phrase.words, number)], told: `${place}: ${phrase.words}` }
      yield eventOf(story, variant, story.orders[0] as string, number, queries)
    }
}

function filesOf(batch: Batch): readonly string[] {
  if (batch.startsWith('second-')) return ['second-scan', 'second-opioids']
  return halves.some((each) => each === batch) ? ['emergency', 'reasonable', 'harmless', 'opioids'] : [batch]
}

function lineIn(place: string, words: string, number: number): string {
  // A plain quotation mark would end the words of an entry.
  const quoted = `"${words.replaceAll('"', '”')}"`
  if (place === 'medicine') return `${number % 2 ? 'stmt' : 'med'} ${quoted} date=-20`
  return inPlace(place, quoted)
}

const urgent = concepts['may-be-urgent']

const personOf = ({ concept }: Phrase, number: number) =>
  `${45 + (number % 6)} ${/pregnan/.test(concept) || number % 2 === 0 ? 'F' : 'M'}`

function besideScan(phrase: Phrase, number: number): Story {
  const truth = scanTruths.parse(phrase.truth)
  return {
    who: personOf(phrase, number),
    pain: 5,
    orders: ['mri'],
    class: 'words',
    chart: [],
    truth,
    told: phrase.concept,
    ...(urgent.concepts.includes(phrase.concept) ? { also: urgent.cards } : {}),
  }
}

function besideOpioid(phrase: Phrase, number: number): Story {
  const truth = opioidTruths.parse(phrase.truth)
  const named = concepts.opioid[phrase.concept]
  if (!named) throw new Error(`concepts.yaml has no "${phrase.concept}"`)
  return {
    who: personOf(phrase, number),
    pain: 5,
    orders: ['oxy5'],
    class: 'words',
    chart: [],
    truth: 'opioid',
    told: `${phrase.concept}, ${phrase.truth}`,
    ...(truth === 'danger' && named.length > 0 ? { safety: named } : {}),
    ...(truth === 'none' ? { not: [...named, 'RF17u'] } : {}),
  }
}

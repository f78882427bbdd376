/** Which groups of codes do words stand for, and what do they say of them? */
import { Remembered } from '../../bounds.ts'
import { wordGroups } from '../../grammar.ts'
import type { CodeIndex, CodeRow } from '../../pathway/codes.ts'
import type { Content } from '../../pathway/content.ts'
import { type Certainties, type CertaintyAt, certainties } from '../certainty.ts'
import { beside, clausesOf, codeOfWord, longestPart } from '../clauses.ts'
import type { Certainty } from '../cue-phrases.ts'
import type { Cues } from '../cues.ts'
import { withHeadings } from '../headed-lists.ts'
import { keysOf } from '../lookups.ts'
import { commasIn, type Occurrence, Phrases, withFractions, wordsIn } from '../phrases.ts'
import { opensWith } from '../words.ts'
import { type Heard, heardBothWays } from './both-ways.ts'
import { Capitals } from './capitals.ts'
import { Displays } from './displays.ts'
import { shapeOf, stemsOf } from './forms.ts'
import { calledOld, unlessWorse } from './long-standing.ts'
import { quotedIn, sinceIn } from './quoted.ts'
import { nothingOfOurs, nothingSaid, notRead, type Said } from './said.ts'
import { afterScan, scanThatFoundNothing } from './scan-answers.ts'
import { Shapes } from './shapes.ts'
import { Spelling } from './spelling.ts'
import { type FoundTerm, type Part, readBySomebody, rowsOfTerm, type Term, termsIn } from './terms.ts'
import { ToldMedicines } from './told-medicines.ts'
import { mayTellTime, type ToldTime, timeIn } from './told-time.ts'

const none: readonly CodeRow[] = []
const noTerms: readonly Term[] = []
const longStanding = { isLongStanding: true } as const
/** The one code system whose codes people write into sentences. */
const systemOfCodesInWords = 'ICD-10-CM'

/**
 * Names of diagnoses, tests and orders come again and again, whoever the patient is: what they say is remembered. Longer
 * texts are somebody's own. Characters of one text, and texts.
 */
const longestRemembered = 200
const mostRemembered = 4000

const nothingHeard: readonly Heard[] = []

/** Parts of a text that are read, and its characters: no entry brings more (`mostOfEntry`). */
const mostParts = 400
const longestText = 120_000

export class Lexicon {
  readonly #phrases = new Phrases<Part>()
  readonly #kinds = new Shapes<Part>()
  readonly #codes: CodeIndex
  readonly #medicines: ToldMedicines
  readonly #empty: ReadonlySet<string>
  readonly #cues: Cues
  /** Groups of which "chronic" says that they began long ago. */
  readonly #mayBeOld: ReadonlySet<string>
  /** By unclear group: sets beside whose rows it says no more. */
  readonly #unlessTold: ReadonlyMap<string, ReadonlySet<string>>
  /** Groups of which a quoted note tells the time. */
  readonly #quoted: ReadonlySet<string>
  readonly #afterScan: (heard: Heard) => Heard
  readonly #displays: Displays
  readonly #capitals: Capitals
  readonly #spelling: Spelling
  /** Shapes of words that are terms, or parts of them: "0w0d". */
  readonly #shapes: ReadonlySet<string>
  readonly #remembered = new Remembered<Said>(mostRemembered, longestRemembered)
  readonly #clauses = new Remembered<readonly Heard[]>(mostRemembered, longestRemembered)

  constructor({
    meanings,
    words,
    codes,
    medicines,
  }: Pick<Content, 'meanings' | 'words' | 'codes' | 'medicines'>) {
    this.#cues = words
    this.#mayBeOld = new Set(keysOf(words['long-standing-of']))
    this.#quoted = new Set(keysOf(words['quoted-of']))
    this.#unlessTold = new Map(
      Object.entries(words['unless-told']).map(([name, sets]) => [
        `${wordGroups.set}/${name}`,
        new Set(sets),
      ]),
    )
    this.#afterScan = afterScan(new Set(keysOf(words['answered-by-scans'])), this.#unlessTold)
    this.#codes = codes
    this.#medicines = new ToldMedicines(codes, medicines.told, words)
    this.#displays = new Displays(codes.rows)
    this.#capitals = new Capitals(meanings.capitals)
    this.#empty = new Set(meanings.empty.map((text) => wordsIn(text).join(' ')))
    const terms = meanings.meanings.flatMap((entry) => entry.terms)
    const cues = Object.values(words).flatMap((list) => (Array.isArray(list) ? (list as string[]) : []))
    this.#spelling = new Spelling(
      [...terms, ...cues].flatMap(wordsIn),
      meanings['spelled-right'].flatMap(wordsIn),
      meanings['short-forms'],
    )
    this.#shapes = new Set(terms.flatMap(wordsIn).filter((word) => shapeOf(word) === word))
    const inFull = (phrase: string) =>
      this.#forms(this.#spelling.meant(wordsIn(withFractions(phrase)))).join(' ')
    const made = new Map<string, Part>()
    const partOf = (written: string, hasChoice = true): Part => {
      const known = made.get(`${hasChoice}${written.trim()}`)
      if (known) return known
      const part: Part = { alone: noTerms, heads: noTerms }
      made.set(`${hasChoice}${written.trim()}`, part)
      for (const phrase of hasChoice ? written.split(' / ') : [written])
        if (!this.#kinds.add(phrase.trim(), part)) this.#phrases.add(inFull(phrase), part)
      return part
    }
    for (const entry of meanings.meanings) {
      for (const written of entry.terms) {
        const [first = '', ...others] = written.split(/[+~]/)
        const parts = others.map((phrases) => partOf(phrases))
        const reach = written.includes('~') ? reaches.near : reaches.far
        const head = partOf(first, others.length > 0)
        const term = { rows: rowsOfTerm(entry, written), others: parts, reach }
        const place = others.length > 0 ? 'heads' : 'alone'
        head[place] = [...head[place], term]
      }
    }
  }

  read(text: string): Said {
    const known = this.#remembered.get(text)
    if (known) return known
    const said = this.#read(text)
    this.#remembered.set(text, said)
    return said
  }

  #read(text: string): Said {
    if (this.#isEmpty(text)) return nothingSaid
    const said: Record<Exclude<Certainty, 'not-said'>, Set<CodeRow>> = {
      affirmed: new Set(),
      suspected: new Set(),
      past: new Set(),
    }
    const denied = new Set<CodeRow>()
    const times = new Map<string, ToldTime | undefined>()
    const tellsTime = mayTellTime(text)
    let hasFound = false
    const all = text.split('|')
    const isBeyond =
      all.length > mostParts || text.length > longestText || all.some(({ length }) => length > longestPart)
    for (const part of all.slice(0, mostParts)) {
      for (const row of this.#displays.find(part)) {
        hasFound = true
        said.affirmed.add(row)
      }
    }
    const hear = (lines: string) => {
      const heard: Heard[] = []
      let answered = 0
      for (const clause of clausesOf(lines, this.#cues)) {
        const scan = scanThatFoundNothing(clause, this.#cues)
        if (scan !== undefined)
          for (; answered < heard.length; answered += 1)
            heard[answered] = this.#afterScan(heard[answered] as Heard)
        heard.push(...this.#heardIn(clause, tellsTime))
      }
      return heard
    }
    const written = withHeadings(this.#capitals.inFull(text.slice(0, longestText)), this.#cues)
    const heard = heardBothWays(written, hear, this.#cues, this.#unlessTold)
    for (const { rows, certainty, times: told } of heard) {
      if (certainty === 'not-said') {
        for (const row of rows) denied.add(row)
        continue
      }
      hasFound = true
      for (const [at, row] of rows.entries()) {
        said[certainty].add(row)
        // What is also said without a time may be of today.
        times.set(row.key, times.has(row.key) && times.get(row.key) === undefined ? undefined : told[at])
      }
    }
    this.#withoutTold(said)
    if (isBeyond && !hasFound) return { ...notRead, denied: [...denied] }
    if (!hasFound && denied.size === 0) return nothingOfOurs
    return {
      affirmed: [...said.affirmed],
      suspected: [...said.suspected],
      past: [...said.past],
      denied: [...denied],
      times: new Map([...times].flatMap(([key, time]) => (time ? [[key, time] as const] : []))),
      isEmpty: false,
      ...(isBeyond ? { isBeyond } : {}),
    }
  }

  /** "Foot drop, right foot": beside what is understood the words that only may tell of the same say no more. */
  #withoutTold(said: Record<Exclude<Certainty, 'not-said'>, Set<CodeRow>>) {
    for (const [key, sets] of this.#unlessTold)
      if ([...said.affirmed, ...said.suspected].some(({ set }) => sets.has(set)))
        for (const rows of Object.values(said)) for (const row of rows) if (row.key === key) rows.delete(row)
  }

  /** What one clause says. Notes are copied from visit to visit, and made of the same sentences. */
  #heardIn(written: readonly string[], tellsTime: boolean): readonly Heard[] {
    // No word holds a bar.
    const key = `${tellsTime ? '|' : ''}${written.join(' ')}`
    const known = this.#clauses.get(key)
    if (known) return known
    const heard = this.#hear(written, tellsTime)
    this.#clauses.set(key, heard)
    return heard
  }

  #hear(written: readonly string[], tellsTime: boolean): readonly Heard[] {
    const clause = this.#spelling.meant(written)
    const forms = this.#forms(clause)
    const found = inOrder(this.#phrases.find(forms, 'every'), this.#kinds.find(clause))
    const coded = this.#codesIn(clause)
    let known: Certainties | undefined
    let commas: readonly number[] | undefined
    const itemAt = (place: number) => {
      commas ??= commasIn(clause)
      return commas[place] ?? 0
    }
    const around = () => (known ??= certainties(clause, this.#cues))
    const certaintyAt: CertaintyAt = (...phrase) => around().certaintyAt(...phrase)
    const medicines = this.#medicines.in(clause, certaintyAt)
    if (found.length === 0 && coded.length === 0 && medicines.length === 0) return nothingHeard
    const timeAt = beside(clause, this.#cues, timeIn)
    const terms = [
      ...coded.map((each) => ({ ...each, certainty: certaintyAt(each.start, each.end, true) })),
      ...medicines,
      ...termsIn(found, { certaintyAt, itemAt }),
    ].map((term) => readBySomebody(term, this.#unlessTold, around))
    const old = calledOld(clause, terms, this.#cues)
    const quoted = tellsTime ? quotedIn(clause, this.#cues) : undefined
    const since = tellsTime ? sinceIn(clause, this.#cues) : undefined
    const scan = scanThatFoundNothing(clause, this.#cues)
    return terms.map((term) => {
      const { start, certainty } = term
      const rows = calledAs(term, clause)
      if (certainty === 'not-said') return { rows, certainty, times: [] }
      const told = tellsTime ? timeAt(start) : undefined
      const ofSign =
        since && start < since.upTo ? since.time : quoted && start >= quoted.from ? quoted.time : undefined
      const timeOf = ({ key }: CodeRow) =>
        old.has(key) && this.#mayBeOld.has(key)
          ? longStanding
          : ((this.#mayBeOld.has(key) ? unlessWorse(told, clause, this.#cues) : told) ??
            (this.#quoted.has(key) ? ofSign : undefined))
      const heard: Heard = { rows, certainty, times: rows.map(timeOf) }
      return scan !== undefined && start < scan ? this.#afterScan(heard) : heard
    })
  }

  /** Codes that stand in the words themselves: "G83.4 per ED". */
  #codesIn(clause: readonly string[]): Omit<FoundTerm, 'certainty'>[] {
    return clause.flatMap((word, start) => {
      const code = codeOfWord(word)
      const rows = code === undefined ? none : this.#codes.lookup({ system: systemOfCodesInWords, code })
      return rows.length > 0 ? [{ rows, start, end: start + 1 }] : []
    })
  }

  /** Words as terms are looked for: without their endings, and by their shape where a term is one. */
  #forms(words: readonly string[]): string[] {
    return stemsOf(words).map((word) => {
      const shape = shapeOf(word)
      return shape !== undefined && this.#shapes.has(shape) ? shape : word
    })
  }

  /** How a text begins: "history of …", "suspected …". */
  opening(text: string): 'affirmed' | 'suspected' | 'past' {
    if (opensWith(text, this.#cues.past)) return 'past'
    return opensWith(text, this.#cues.suspected) ? 'suspected' : 'affirmed'
  }

  /** Nothing in letters that we read, or only words such as "see note". */
  #isEmpty(text: string): boolean {
    const words = wordsIn(text.slice(0, longestText)).filter((word) => /[a-z]/.test(word))
    return words.length === 0 || (words.length < 4 && this.#empty.has(words.join(' ')))
  }
}

/** Words from the first part of a term to each other one: "+" far, "~" near. DESIGN: a line of a note, and side by side. */
const reaches = { far: { words: 14, overCommas: true }, near: { words: 5, overCommas: false } }

function inOrder(a: Occurrence<Part>[], b: Occurrence<Part>[]): readonly Occurrence<Part>[] {
  return b.length === 0 ? a : [...a, ...b].sort((x, y) => x.start - y.start)
}

/** A term that names one of several words is called by those that the text has: "knee buckles", not "leg / knee buckles". */
function calledAs({ rows, span }: FoundTerm, clause: readonly string[]): readonly CodeRow[] {
  if (!span || !rows.some(({ display }) => display.includes('/'))) return rows
  const [from, to] = span
  const display = clause.slice(from, Math.min(to, from + mostWordsShown)).join(' ')
  return rows.map((row) => ({ ...row, display }))
}
const mostWordsShown = 7

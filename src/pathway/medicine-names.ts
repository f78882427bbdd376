/**
 * Medicines by their names: ingredients as the value sets call them, and brands, abbreviations and Spanish names that
 * stand for ingredients (`pathway/medicine-names.csv`).
 */
import { Remembered } from '../bounds.ts'
import type { CodeRow } from './code-systems.ts'
import { NameSlips } from './name-slips.ts'

export interface MedicineName {
  /** "Norco", "APAP", "oxicodona", "Tylenol #3". */
  name: string
  /** Ingredients in the order in which strengths are written, or a whole product: "hydrocodone-acetaminophen". */
  means: string
  /** `set/group` that its words stand for in any order, where they say more than an ingredient: "buprenorphine patch". */
  group?: string | undefined
}

/** Names come from the caller; what is longer than this is none. */
const longestText = 1000
/** Texts that are remembered: the same few hundred medicines come again in every call. */
const mostTexts = 5000
const longestRemembered = 120

/**
 * A name in the value sets is an ingredient's or a brand's: with a strength or a comma it is a product or a class, and
 * what RxNorm makes of components and dose forms nobody writes.
 */
const plainName = /^[a-z][a-z /-]+$/i
/** Words that join names and are no part of them. */
const joining = new Set(['and', 'with'])

export class MedicineNames {
  readonly #rows = new Map<string, { words: string[]; row: CodeRow }[]>()
  readonly #names = new Map<string, { words: string[]; means: string }[]>()
  readonly #remembered = new Remembered<readonly CodeRow[]>(mostTexts, longestRemembered)
  readonly #meantWords = new Remembered<string>(mostTexts, longestRemembered)
  #slips: NameSlips | undefined

  constructor(rows: readonly CodeRow[], names: readonly MedicineName[]) {
    for (const row of namedRows(rows)) fileUnder(this.#rows, { words: wordsOf(row.display), row })
    for (const { name, means, group } of names) {
      // Names of groups begin with their ingredient: "methadone tablet".
      const words = wordsOf(name)
      const row = group && { ...rowOf(group, name), columns: { ingredient: words[0] ?? '' } }
      if (row) fileUnder(this.#rows, { words, row })
      else fileUnder(this.#names, { words: tokensOf(folded(name)).map(({ token }) => token), means })
    }
    // Where one name begins another ("Tylenol", "Tylenol #3"), the longer one is meant.
    for (const same of this.#names.values()) same.sort((a, b) => b.words.length - a.words.length)
  }

  /** The text with brands, abbreviations and Spanish names put into ingredients; lower case, without accents. */
  inIngredients(text: string): string {
    const plain = this.#meant(folded(text))
    const tokens = tokensOf(plain)
    let written = ''
    let done = 0
    for (let at = 0; at < tokens.length; at += 1) {
      const start = tokens[at]
      const found = start && this.#nameAt(tokens, at)
      if (!found) continue
      const last = tokens[at + found.words.length - 1] ?? start
      written += plain.slice(done, start.at) + found.means
      done = last.at + last.token.length
      at += found.words.length - 1
    }
    return written + plain.slice(done)
  }

  /** Every name, as its words and what it means: of the value sets, and those that stand for them. */
  get all(): readonly { words: readonly string[]; means: string }[] {
    const rows = [...this.#rows.values()].flat().flatMap(({ words, row }) => {
      const { ingredient } = row.columns
      return ingredient === undefined ? [] : [{ words, means: (ingredient || row.display).toLowerCase() }]
    })
    return [...rows, ...[...this.#names.values()].flat()]
  }

  /** A word as it was meant, where it is a slip of a medicine's name. */
  meantWord(word: string): string {
    const known = this.#meantWords.get(word)
    if (known !== undefined) return known
    this.#slips ??= this.#slipsOfNames()
    const meant = this.#slips.meant(word)
    this.#meantWords.set(word, meant)
    return meant
  }

  #slipsOfNames(): NameSlips {
    const names = this.all
    const single = names.flatMap(({ words: [name = '', ...more], means }) =>
      more.length > 0 ? [] : [[name, means] as const],
    )
    return new NameSlips(new Map(single), new Set(names.flatMap(({ words }) => words)))
  }

  #meant(plain: string): string {
    return plain.replace(/[a-z]+/g, (word) => this.meantWord(word))
  }

  #nameAt(tokens: readonly Token[], at: number) {
    const candidates = this.#names.get(tokens[at]?.token ?? '')
    return candidates?.find(({ words }) => words.every((word, n) => tokens[at + n]?.token === word))
  }

  /** Rows of these sets whose name stands in the text, in any order of its words; longer names win within one set. */
  lookup(text: string, sets: ReadonlySet<string>): readonly CodeRow[] {
    let rows = this.#remembered.get(text)
    if (!rows) {
      rows = this.#find(text)
      this.#remembered.set(text, rows)
    }
    return rows.length === 0 ? none : rows.filter((row) => sets.has(row.set))
  }

  #find(text: string): readonly CodeRow[] {
    const plain = this.#meant(folded(text))
    const words = new Set([...wordsOf(plain), ...wordsOf(this.inIngredients(plain))])
    const best = new Map<string, { length: number; rows: CodeRow[] }>()
    for (const word of words) {
      for (const candidate of this.#rows.get(word) ?? []) {
        const { row } = candidate
        if (!candidate.words.every((each) => words.has(each))) continue
        const length = candidate.words.length
        const known = best.get(row.set)
        if (!known || length > known.length) best.set(row.set, { length, rows: [row] })
        else if (length === known.length) known.rows.push(row)
      }
    }
    return [...best.values()].flatMap(({ rows }) => withoutParts(rows))
  }
}

/** "Hydrocodone polistirex / chlorpheniramine": beside a product of several its ingredient names no medicine of its own. */
function withoutParts(rows: readonly CodeRow[]): readonly CodeRow[] {
  const several = rows.filter(isOfSeveral)
  if (several.length === 0) return rows
  // The ingredient for which the product is listed; another of its ingredients may count for itself.
  const held = new Set(several.map(ingredientOf))
  return rows.filter((row) => isOfSeveral(row) || !held.has(ingredientOf(row)))
}
const ingredientOf = ({ columns, display }: CodeRow) => (columns.ingredient || display).toLowerCase()
const isOfSeveral = ({ display }: CodeRow) => display.includes(' / ')

const none: readonly CodeRow[] = []

/**
 * Rows by which a name is known: those whose display is one; and for ingredients of products that have no row of their
 * own, one that says so. A brand or an ingredient whose products stand in several groups of a set names none of them.
 */
function namedRows(rows: readonly CodeRow[]): CodeRow[] {
  const named = rows.filter(
    ({ display, columns: { tty } }) => tty === 'BN' || (tty !== 'part' && plainName.test(display)),
  )
  const known = new Set(named.map(({ set, display }) => `${set}|${display.toLowerCase()}`))
  const brands = new Map<string, Set<string>>()
  const ingredients = new Map<string, { row: CodeRow; keys: Set<string> }>()
  for (const row of rows) {
    const at = row.display.lastIndexOf('[')
    if (at > 0 && row.display.endsWith(']')) {
      const brand = `${row.set}|${row.display.slice(at + 1, -1).toLowerCase()}`
      brands.set(brand, (brands.get(brand) ?? new Set()).add(row.key))
    }
    const ingredient = row.columns.ingredient ?? ''
    const name = `${row.set}|${ingredient}`
    if (!plainName.test(ingredient) || known.has(name)) continue
    const same = ingredients.get(name) ?? {
      row: { ...rowOf(row.key, ingredient), columns: { ingredient } },
      keys: new Set(),
    }
    ingredients.set(name, same)
    same.keys.add(row.key)
  }
  const isOneGroup = ({ set, display }: CodeRow) =>
    (brands.get(`${set}|${display.toLowerCase()}`)?.size ?? 1) === 1
  const unsaid = [...ingredients.values()].flatMap(({ row, keys }) => (keys.size === 1 ? [row] : []))
  return [...named.filter(isOneGroup), ...unsaid]
}

/** A row of no code: what the words stand for. */
function rowOf(key: string, display: string): CodeRow {
  const [set = '', group = ''] = key.split('/')
  return {
    set,
    group,
    key,
    system: '',
    code: '',
    display,
    source: 'medicine-names',
    verified: false,
    columns: {},
  }
}

function fileUnder<T extends { words: string[] }>(into: Map<string, T[]>, entry: T) {
  const [first] = entry.words
  if (first === undefined) return
  const same = into.get(first)
  if (same) same.push(entry)
  else into.set(first, [entry])
}

const folded = (text: string) =>
  text.slice(0, longestText).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

interface Token {
  token: string
  at: number
}

const tokensOf = (text: string): Token[] =>
  [...text.matchAll(/[a-z]+|#?\d+/g)].map((found) => ({ token: found[0], at: found.index }))

/** Split at hyphens too: senders write "hydrocodone-acetaminophen". */
const wordsOf = (text: string) =>
  (text.toLowerCase().match(/[a-z]{2,}/g) ?? []).filter((word) => !joining.has(word))

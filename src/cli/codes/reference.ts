/** The reference data of the code systems, one kind of entry for all of them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Papa from 'papaparse'
import type { Definitions } from '../../pathway/schema.ts'

// ICD-10-CM as a tree: a code stands for all codes that begin with it.

interface Icd10Code {
  code: string
  display: string
}

/** With the character that says which encounter. */
const wholeLength = 7

export const withoutDot = (code: string) => code.replace('.', '')

export class Icd10Tree {
  readonly #known = new Map<string, Icd10Code>()
  readonly #children = new Map<string, string[]>()

  constructor(codes: readonly Icd10Code[]) {
    for (const each of codes) this.#known.set(withoutDot(each.code), each)
    for (const key of [...this.#known.keys()].sort()) {
      const parent = this.parent(key)
      if (parent !== undefined) this.#children.set(parent, [...(this.#children.get(parent) ?? []), key])
    }
  }

  get(code: string): Icd10Code | undefined {
    return this.#known.get(withoutDot(code))
  }

  /** The longest known code that this one begins with. */
  parent(key: string): string | undefined {
    for (let length = key.length - 1; length >= 3; length--) {
      const beginning = key.slice(0, length)
      if (this.#known.has(beginning)) return beginning
    }
    return undefined
  }

  children(key: string): readonly string[] {
    return this.#children.get(key) ?? []
  }

  /** What a definition writes: a code, a range of known codes of one length, or codes below one by their last character. */
  family(written: string): readonly string[] {
    const [above = '', ends] = written.split('~').map(withoutDot)
    if (ends !== undefined)
      return this.leaves(above).filter(
        (key) => key.length === wholeLength && ends.includes(key.at(-1) ?? ' '),
      )
    const [from = '', to] = written.split('-').map(withoutDot)
    if (to === undefined) return [from]
    return [...this.#known.keys()]
      .filter((key) => key.length === from.length && key >= from && key <= to)
      .sort()
  }

  /** Codes of this family that have nothing below them. */
  leaves(key: string): readonly string[] {
    const below = this.children(key)
    return below.length === 0 ? [key] : below.flatMap((each) => this.leaves(each))
  }
}

/** One code as a file of the reference data has it. The same code may have several entries, one for each topic. */
export interface Entry {
  code: string
  display: string
  /** What its words are looked for in: a brand says little by its name, so the names of its products stand behind it. */
  says: string
  /** Class of medicines, topic of findings, category of procedures. */
  topic: string
  ingredient: string
  /** RxNorm term type. */
  kind: string
  route: string
  source: string
  /** Two independent publishers have it with this meaning, or the owner of the system itself. */
  verified: boolean
}

export interface GemLine {
  icd9: string
  icd10: string
  display: string
  direction: '9to10' | '10to9'
  isCombination: boolean
}

export interface Reference {
  icd10: Icd10Tree
  gem: readonly GemLine[]
  /** Entries by code system, as its key is in `systems.yaml`. */
  entries: ReadonlyMap<string, readonly Entry[]>
  /** What a package of a US drug code is, as RxNorm has it. */
  packages: readonly { ndc: string; rxcui: string }[]
}

type Line = Readonly<Record<string, string>>

/** Undefined when the folder does not hold what the definitions name. */
export function readReference(folder: string, { references }: Definitions): Reference | undefined {
  const pathOf = (system: string) => join(folder, references[system]?.file ?? '')
  if (!Object.keys(references).every((system) => existsSync(pathOf(system)))) return undefined
  const linesOf = (system: string): Line[] =>
    Papa.parse<Line>(readFileSync(pathOf(system), 'utf8'), { header: true, skipEmptyLines: true }).data
  const sourceOf = (system: string) => references[system]?.source ?? ''
  return {
    icd10: new Icd10Tree(
      linesOf('icd-10-cm').map(({ code = '', description = '' }) => ({ code, display: description })),
    ),
    gem: linesOf('icd-9-cm').map(gemLine),
    packages: linesOf('ndc').map(({ ndc11 = '', rxcui = '' }) => ({ ndc: ndc11, rxcui })),
    entries: new Map([
      ['rxnorm', withProducts(linesOf('rxnorm').map((line) => medicine(line, sourceOf('rxnorm'))))],
      ['snomed-ct', linesOf('snomed-ct').map((line) => published(line, sourceOf('snomed-ct')))],
      ['loinc', linesOf('loinc').map((line) => published(line, sourceOf('loinc')))],
      ['cpt', linesOf('cpt').map((line) => cptNumber(line, sourceOf('cpt')))],
      ['icd-10-pcs', linesOf('icd-10-pcs').map((line) => procedure(line, sourceOf('icd-10-pcs')))],
    ]),
  }
}

const plain = { ingredient: '', kind: '', route: '' }

/** A term type with a star was read off the shape of the name. */
const kinds: Readonly<Record<string, string>> = { 'GPCK/BPCK': 'GPCK', '': 'part' }

function medicine(line: Line, source: string): Entry {
  const written = (line.tty ?? '').replaceAll('*', '')
  const isPublished = line.source?.startsWith('VS:') ?? false
  return {
    code: line.rxcui ?? '',
    display: line.name ?? '',
    says: line.name ?? '',
    topic: line.class ?? '',
    ingredient: line.ingredient ?? '',
    kind: /SBDC|SCDC/.test(written) ? 'part' : (kinds[written] ?? written),
    route: line.route ?? '',
    source: isPublished ? `${source}: public value sets` : source,
    verified: !isPublished,
  }
}

/** Brands and what is sold under them; a brand whose products all go one way goes that way too. */
function withProducts(entries: Entry[]): Entry[] {
  const products = new Map<string, Entry[]>()
  for (const entry of entries) {
    const brand = entry.kind === 'SBD' ? brandIn(entry.display) : undefined
    if (brand !== undefined) products.set(brand, [...(products.get(brand) ?? []), entry])
  }
  return entries.map((entry) => {
    const sold = entry.kind === 'BN' ? (products.get(entry.display.toLowerCase()) ?? []) : []
    const [route, ...others] = new Set(sold.map((product) => product.route))
    return {
      ...entry,
      says: [entry.display, ...sold.map(({ display }) => display)].join(' | '),
      route: route !== undefined && others.length === 0 ? route : entry.route,
    }
  })
}

/** "… Oral Tablet [Percocet]". */
function brandIn(name: string): string | undefined {
  const from = name.lastIndexOf('[')
  return from >= 0 && name.endsWith(']') ? name.slice(from + 1, -1).toLowerCase() : undefined
}

function published(line: Line, source: string): Entry {
  return {
    ...plain,
    code: line.code ?? '',
    display: line.display ?? '',
    says: line.display ?? '',
    topic: line.topic ?? '',
    source,
    verified: (line.repos ?? '').includes(';'),
  }
}

/** The numbers stand here without the AMA's words: the category is ours. */
const cptNumber = (line: Line, source: string): Entry => ({
  ...plain,
  code: line.number ?? '',
  display: `(no AMA text) ${line.our_category ?? ''}`,
  says: line.our_category ?? '',
  topic: line.our_category ?? '',
  source,
  verified: line.in_CMS_PFS_2024 === 'yes',
})

const procedure = (line: Line, source: string): Entry => ({
  ...plain,
  code: line.code ?? '',
  display: line.title ?? '',
  says: line.title ?? '',
  topic: line.category ?? '',
  source,
  verified: true,
})

const gemLine = (line: Line): GemLine => ({
  icd9: line.icd9cm ?? '',
  icd10: line.icd10cm ?? '',
  display: line.icd9_description || (line.icd10_description ?? ''),
  direction: line.gem_direction === '10to9' ? '10to9' : '9to10',
  isCombination: line.combination === 'yes',
})

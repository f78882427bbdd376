/** Code systems as senders really name them: which system is meant, and which code stands in what was written. */
import { Remembered } from '../bounds.ts'

/** A line of a value set. */
export interface CodeRow {
  /** Value set, by file name without `.csv`. */
  set: string
  group: string
  /** `set/group`, the key by which facts ask. */
  key: string
  system: string
  code: string
  display: string
  source: string
  verified: boolean
  /** Columns that only some sets have: modality, contrast, region, er_la, ingredient, mme_factor_cdc2022. */
  columns: Readonly<Record<string, string>>
}

export interface CodeSystem {
  uri: string
  aliases: readonly string[]
  match: 'exact' | 'prefix'
  /** How Epic names it in suggestions. */
  epic?: string | undefined
  /** What a whole code looks like, as a regular expression; a system without one takes any code. */
  form?: string | undefined
  /** Letters and digits that every name of the system holds, for names that stand in no list. */
  named?: readonly string[] | undefined
  /** What may stand around a code: see `plainCodes`. */
  around?: 'dots' | 'expression' | 'modifiers' | 'dashes' | undefined
  /** The system, by a name, whose codes these stand for, by the map of this name in `pathway/codes/maps`. */
  through?: { system: string; map: string } | undefined
  /** Value sets can hold a part of it only, because its hierarchy is not at hand. */
  partly?: boolean | undefined
  /** Systems whose codes are often sent under this one's name: tried where a code has not this system's form. */
  'mistaken-for'?: readonly string[] | undefined
}

/** A system made ready for reading. */
export interface KnownSystem extends CodeSystem {
  /** Does a code have the form of this system's codes? */
  fits(code: string): boolean
}

/** Longer names and codes are no names and codes. */
const longestName = 200
const mostNames = 1000
const longestCode = 200

/** Senders write "http: //snomed.info/sct", "HTTP://loinc.org/": compare without blanks, case, closing slash. */
export function spelling(system: string): string {
  const name = system.slice(0, longestName).replace(/\s+/g, '').toLowerCase()
  let end = name.length
  while (end > 0 && name[end - 1] === '/') end -= 1
  return name.slice(0, end)
}

export class CodeSystems {
  readonly all: readonly KnownSystem[]
  readonly #byName = new Map<string, KnownSystem>()
  readonly #byUri = new Map<string, KnownSystem>()
  /** Names as senders spell them, which come again with each code. */
  readonly #asWritten = new Remembered<{ system: KnownSystem | undefined }>(mostNames, longestName)

  constructor(systems: readonly CodeSystem[]) {
    this.all = systems.map((system) => ({ ...system, fits: formCheck(system) }))
    for (const system of this.all) {
      this.#byUri.set(system.uri, system)
      for (const name of [system.uri, ...system.aliases]) this.#byName.set(spelling(name), system)
    }
  }

  ofUri(uri: string): KnownSystem | undefined {
    return this.#byUri.get(uri)
  }

  /** By a name from the lists, whatever edition or version stands behind it. */
  named(name: string): KnownSystem | undefined {
    const known = this.#asWritten.get(name)
    if (known) return known.system
    const plain = spelling(name)
    const system = this.#byName.get(plain) ?? this.#byName.get(withoutEdition(plain))
    this.#asWritten.set(name, { system })
    return system
  }

  /** By what a name holds: "ICD10CM-DX" can be no other system. Only for codes of its form. */
  namedAlike(name: string): readonly KnownSystem[] {
    const letters = spelling(name).replace(/[^a-z0-9]/g, '')
    return this.all.filter(({ named = [] }) => named.some((part) => letters.includes(part)))
  }

  /** Systems whose codes look like this one. */
  fitting(code: string): readonly KnownSystem[] {
    return this.all.filter((system) => system.form !== undefined && system.fits(code))
  }

  /** `ICD10:…`, `RXCUI|…`, `http://snomed.info/sct|…`: a system written into the code. */
  within(code: string): { system: KnownSystem; code: string } | undefined {
    for (const mark of ['|', '^', ':', '#']) {
      const at = code.lastIndexOf(mark)
      if (at <= 0) continue
      const system = this.named(code.slice(0, at))
      if (system) return { system, code: code.slice(at + 1) }
    }
    return undefined
  }
}

/** An edition or a version behind the system: ".../sct/731000124108/version/20250301", "...|2.77". */
function withoutEdition(name: string): string {
  const bar = name.indexOf('|')
  const parts = (bar < 0 ? name : name.slice(0, bar)).split('/')
  if (parts.at(-2) === 'version') parts.splice(-2)
  if (/^\d+(-\d)?$/.test(parts.at(-1) ?? '')) parts.pop()
  return parts.join('/')
}

function formCheck({ form, around }: CodeSystem): (code: string) => boolean {
  if (form === undefined) return () => true
  const pattern = new RegExp(`^(?:${form})$`)
  const hasForm = (code: string) => code.length <= longestCode && pattern.test(code)
  return around === 'expression' ? (code) => hasForm(code) && isVerhoeffSound(code) : hasForm
}

/** Rows of the dihedral group D5, and of the permutation by place, as the check digit of SNOMED CT ids uses them. */
const dihedral: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
  [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
  [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
  [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
  [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
  [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
  [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
  [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]
const permutations: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
  [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
  [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
  [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
  [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
  [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
  [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
]

/** A local number under the name of SNOMED CT is no concept: nine in ten fail this. */
function isVerhoeffSound(id: string): boolean {
  let check = 0
  for (let place = 0; place < id.length; place += 1) {
    const digit = Number(id[id.length - 1 - place])
    check = dihedral[check]?.[permutations[place % 8]?.[digit] ?? 0] ?? 0
  }
  return check === 0
}

/** The codes that stand in what was written, in the spelling of their system: mostly one. */
export function plainCodes({ around }: Pick<CodeSystem, 'around'>, written: string): readonly string[] {
  const code = written.slice(0, longestCode).trim()
  switch (around) {
    case 'dots':
      // In lower case, with blanks around the dot, or with the words behind it.
      return [
        firstWord(code.replace(/\s+/g, ' ').replace(/ ?\. ?/g, '.'))
          .replaceAll('.', '')
          .toUpperCase(),
      ]
    case 'expression':
      // Post-coordinated: what stands before the refinement is what it is about; "|" encloses a term.
      return focusOf(code)
    case 'modifiers':
      // With "-26", " TC" or ",26" behind it.
      return [/^[0-9A-Z]{5}(?![0-9A-Z])/i.exec(code)?.[0].toUpperCase() ?? code]
    case 'dashes':
      return packagesOf(code)
    default:
      return [code]
  }
}

/**
 * A US drug code in eleven digits (labeler 5, product 4, package 2), or nine where the package is left out. Of ten
 * digits without dashes nobody can say which part is short: three may be meant.
 */
function packagesOf(code: string): readonly string[] {
  const parts = code.split('-').map((part) => part.trim())
  if (parts.length > 1) {
    const lengths = [5, 4, 2].slice(0, parts.length)
    return parts.length > 3
      ? [code]
      : [parts.map((part, at) => part.padStart(lengths[at] ?? 0, '0')).join('')]
  }
  if (code.length !== 10) return [code]
  return [`0${code}`, `${code.slice(0, 5)}0${code.slice(5)}`, `${code.slice(0, 9)}0${code.slice(9)}`]
}

const firstWord = (code: string) => code.split(/[\s,;]/, 1)[0] ?? ''

/** `=== code |term| + code : attribute = value`: its focus concepts, which stand before the colon. */
function focusOf(expression: string): readonly string[] {
  const focus = expression.split(':', 1)[0] ?? ''
  const outsideTerms = focus.split('|').filter((_, at) => at % 2 === 0)
  const codes = outsideTerms.join(' ').match(/\d{6,18}/g)
  return codes ?? [expression]
}

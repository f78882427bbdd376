/**
 * Every case that some facts can make: for each fact the answers from "nobody can tell" to the last detail, and for
 * each case the cases in which one fact is known better.
 */

import { isAll, isAny, onlyEntry } from '../../src/decide/conditions.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { Known, Range, Value } from '../../src/pathway/known.ts'
import { answer, cannotTell } from '../../src/pathway/known.ts'
import type { FactDeclaration, Wanted, When } from '../../src/pathway/schema.ts'

export interface Domain {
  fact: string
  answers: readonly Known[]
  /** For each answer the places of those that say the same and more. */
  tellMore: readonly (readonly number[])[]
}

/** What these conditions can tell apart: words and truth values in full, numbers by the thresholds they name. */
export function domainsOf(content: Content, whens: readonly When[]): Domain[] {
  const limits = new Map<string, Set<number>>()
  for (const [fact, wanted] of whens.flatMap(askedIn)) {
    const known = limits.get(fact) ?? new Set()
    limits.set(fact, known)
    for (const limit of limitsIn(wanted, content)) known.add(limit)
  }
  return [...limits].map(([fact, at]) => {
    const values: (Value | undefined)[] = [undefined, ...valuesOf(fact, content, [...at])]
    return {
      fact,
      answers: values.map((value) => (value === undefined ? cannotTell() : answer(value))),
      tellMore: values.map((value) =>
        values.flatMap((other, place) => (tellsMore(other, value) ? place : [])),
      ),
    }
  })
}

/** Each fact of a condition with what it is asked for. */
export function askedIn(when: When): [string, Wanted][] {
  if (isAll(when)) return when.all.flatMap(askedIn)
  return isAny(when) ? when.any.flatMap(askedIn) : [onlyEntry(when)]
}

/** Whole numbers that begin the other side of a threshold. */
function limitsIn(wanted: Wanted, content: Content): number[] {
  if (typeof wanted !== 'object') return []
  return Object.entries(wanted).map(([name, limit]: [string, string | number]) => {
    const value =
      typeof limit === 'number' ? limit : (content.parameters[limit.slice(1)]?.value ?? Number.NaN)
    return name === 'at-most' || name === 'above' ? value + 1 : value
  })
}

function valuesOf(fact: string, content: Content, limits: readonly number[]): readonly Value[] {
  const declaration = content.facts[fact]
  if (!declaration) throw new Error(`no fact ${fact}`)
  if (isNumber(declaration)) return rangesBetween(limits)
  return wordsOf(declaration) ?? [true, false]
}

export function isNumber(fact: FactDeclaration): boolean {
  if (fact.kind === 'dose') return fact.read !== 'dose-not-read'
  if (fact.kind === 'person') return fact.read === 'age' && fact.value === undefined
  return fact.kind === 'episode' && fact.read === 'onset-days'
}

export function wordsOf(fact: FactDeclaration): readonly string[] | undefined {
  if (fact.kind === 'draft-order') {
    const told = [...Object.keys(fact.words), ...Object.keys(fact.named ?? {})]
    const words = [...told, ...(fact.otherwise === undefined ? [] : [fact.otherwise])]
    return [...new Set(words)]
  }
  return fact.kind === 'episode' ? fact.words : undefined
}

/** Below, between and above the thresholds, each up to its very edge, and every range that straddles some. */
function rangesBetween(limits: readonly number[]): Range[] {
  const starts = [0, ...limits].sort((a, b) => a - b)
  const ends = [...starts.slice(1).map((limit) => limit - 1), Number.POSITIVE_INFINITY]
  return starts.flatMap((low, from) => ends.slice(from).map((high) => ({ low, high })))
}

function tellsMore(value: Value | undefined, than: Value | undefined): boolean {
  if (value === undefined || value === than) return false
  if (than === undefined) return true
  if (typeof value !== 'object' || typeof than !== 'object') return false
  return value.low >= than.low && value.high <= than.high
}

/** The product of some domains. Cases are numbered; the first is the one in which nothing is known. */
export class Cases {
  readonly domains: readonly Domain[]
  readonly size: number

  constructor(domains: readonly Domain[]) {
    this.domains = domains
    this.size = domains.reduce((size, { answers }) => size * answers.length, 1)
  }

  /** Goes through all of them. The facts given are always the same Map, filled anew. */
  each(
    others: ReadonlyMap<string, Known>,
    visit: (facts: ReadonlyMap<string, Known>, number: number) => void,
  ): void {
    const facts = new Map(others)
    this.fill(facts, 0)
    const places = this.domains.map(() => 0)
    for (let number = 0; number < this.size; number += 1) {
      visit(facts, number)
      // Of the next one only these differ.
      for (const [at, { fact, answers }] of this.domains.entries()) {
        const place = ((places[at] ?? 0) + 1) % answers.length
        places[at] = place
        facts.set(fact, answers[place] ?? cannotTell())
        if (place > 0) break
      }
    }
  }

  fill(facts: Map<string, Known>, number: number): void {
    let rest = number
    for (const { fact, answers } of this.domains) {
      facts.set(fact, answers[rest % answers.length] ?? cannotTell())
      rest = Math.floor(rest / answers.length)
    }
  }

  /** The cases that differ in one fact, which is known better there. All others follow from these step by step. */
  eachKnownBetter(number: number, visit: (number: number) => void): void {
    let stride = 1
    for (const { answers, tellMore } of this.domains) {
      const place = Math.floor(number / stride) % answers.length
      for (const better of tellMore[place] ?? []) visit(number + (better - place) * stride)
      stride *= answers.length
    }
  }

  /** Is there nothing more to know? */
  isSettled(number: number): boolean {
    let settled = true
    this.eachKnownBetter(number, () => {
      settled = false
    })
    return settled
  }

  /** In words, for a proof that fails. */
  describe(number: number): string {
    const facts = new Map<string, Known>()
    this.fill(facts, number)
    return [...facts].map(([fact, { value }]) => `${fact}: ${told(value)}`).join(', ')
  }
}

export function told(value: Value | undefined): string {
  if (value === undefined) return 'unknown'
  return typeof value === 'object' ? `${value.low}..${value.high}` : String(value)
}

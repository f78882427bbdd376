/** The small kinds: the person, the visit, groups of facts, and whether a number is known well enough. */

import type { Content } from '../../pathway/content.ts'
import { answer, cannotTell, compare, type Known, no, yes } from '../../pathway/known.ts'
import type { Compile } from '../case.ts'
import { dailyDose } from '../daily-dose.ts'
import { quantityDispensed } from '../dose.ts'
import { parameterOf, providedBy } from '../lookups.ts'
import { payerNames } from '../reason.ts'
import { spanOf, yearsBetween } from '../spans.ts'
import { daysOfOneFill } from '../supply.ts'
import type { Element } from '../wire.ts'

// Numbers about a drafted medicine: morphine equivalents a day with all in use, days of supply, units dispensed.

export const dose: Compile<'dose'> = (fact, content) => {
  if (fact.read === 'mme-per-day' || fact.read === 'dose-not-read') return dailyDose(fact, content)
  const read = fact.read === 'supply-days' ? daysOfOneFill : unitsDispensed
  return {
    reads: [],
    find: ({ order }) => {
      const value = read(order.draft.resource as unknown as Element)
      return value === undefined || order.isCut ? cannotTell() : answer({ low: value, high: value })
    },
  }
}

const unitsDispensed = (source: Element) => quantityDispensed(source)?.value

/** What the episode of back pain answers. */
export const episode: Compile<'episode'> = (fact) => ({
  reads: ['Condition', 'Encounter'],
  find: ({ episode: found }) => {
    switch (fact.read) {
      case 'onset-days':
        return found.onsetDays
      case 'onset-basis':
        return found.basis
      case 'reason':
        return found.reason
      case 'reason-names':
        return found.reasonNames
      case 'back-pain':
        return found.backPain
      default:
        return found.sciatica
    }
  },
})

export const person: Compile<'person'> = (fact, content) => {
  const limit =
    fact.value &&
    Object.fromEntries(Object.entries(fact.value).map(([name, ref]) => [name, parameterOf(content, ref)]))
  const unsaid = fact['absent-means'] === 'false' ? no : cannotTell()
  return {
    reads: ['Patient'],
    find: ({ record, today }) => {
      const { patient } = record
      if (fact.read === 'deceased') return patient && hasDied(patient) ? yes() : no
      if (fact.read === 'sex') return patient?.gender ? answer(patient.gender) : cannotTell()
      const birth = spanOf(patient?.birthDate)
      if (!birth || birth.first > today) return unsaid
      const age = yearsBetween(birth, today)
      if (!limit) return answer(age)
      const fits = compare(age, limit)
      return fits === undefined ? cannotTell() : fits ? yes() : no
    },
  }
}

const hasDied = (patient: { deceasedBoolean?: unknown; deceasedDateTime?: unknown }) =>
  patient.deceasedBoolean === true || typeof patient.deceasedDateTime === 'string'

export const group: Compile<'group'> = (fact) => {
  const anyOf = fact['any-of'] ?? []
  const allOf = fact['all-of'] ?? []
  return {
    reads: [],
    find: ({ ask }) => (anyOf.length > 0 ? oneHolds(anyOf.map(ask)) : allHold(allOf.map(ask))),
  }
}

function oneHolds(members: readonly Known[]): Known {
  if (members.every(isFalse)) return no
  const holding = members.filter(isTrue)
  return holding.length > 0 ? yes(holding.flatMap((each) => each.evidence)) : unsureFrom(members, 'any')
}

function allHold(members: readonly Known[]): Known {
  if (members.some(isFalse)) return no
  return members.every(isTrue) ? yes(members.flatMap((each) => each.evidence)) : unsureFrom(members, 'all')
}

const isTrue = ({ value }: Known) => value === true
const isFalse = ({ value }: Known) => value === false

function unsureFrom(members: readonly Known[], needed: 'any' | 'all'): Known {
  const unsure = members.filter((each) => each.value === undefined)
  const provided = providedBy(unsure, needed)
  return {
    ...cannotTell(
      [...new Set(unsure.flatMap((each) => each.gaps))],
      unsure.flatMap((each) => each.evidence),
    ),
    ...(provided ? { provided } : {}),
  }
}

export const placed: Compile<'placed'> = (fact, content) => {
  const at = parameterOf(content, fact.at)
  return {
    reads: [],
    find: ({ ask }) => {
      const known = ask(fact.fact)
      const range = known.value
      if (range !== null && typeof range === 'object' && (range.high < at || range.low >= at))
        return yes(known.evidence)
      // Data that did not come might still place it: only a whole record can say that nobody wrote it down.
      return known.gaps.length > 0 ? cannotTell(known.gaps) : no
    },
  }
}

/** Which payers are meant is the site's knowledge (`site.yaml`), so no value set can say it. */
export const payerIsOneOf =
  (list: keyof Content['site']['payers']): Compile<'function'> =>
  (_fact, content) => {
    const names = content.site.payers[list].map((name) => name.toLowerCase())
    return {
      reads: names.length > 0 ? ['Coverage'] : [],
      find: ({ record, gaps: incomplete }) => {
        if (names.length === 0) return no
        if (payerNames(record).some((payer) => names.some((name) => payer.includes(name)))) return yes()
        const gaps = incomplete.among(['Coverage'])
        return gaps.length > 0 ? cannotTell(gaps) : no
      },
    }
  }

/** Where the site is, which no record says. */
export const siteIsIn =
  (state: NonNullable<Content['site']['state']>): Compile<'function'> =>
  (_fact, content) => {
    const isThere = content.site.state === state ? yes() : no
    return { reads: [], find: () => isThere }
  }

/** Nothing in a record says it; an answer of the clinician may (`answers.ts`). */
export const onlyNoted: Compile<'function'> = () => ({ reads: [], find: () => no })

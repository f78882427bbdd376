/** The visit of this call: is it a stay of this class? Three-valued, because hospitals have classes of their own. */
import type { Content } from '../../pathway/content.ts'
import { cannotTell, type Evidence, no, yes } from '../../pathway/known.ts'
import type { FactOf } from '../../pathway/schema.ts'
import type { Compile } from '../case.ts'
import { parameterOf } from '../lookups.ts'
import { startsOf } from '../reading/dates.ts'
import { toldBy } from '../reading/statuses.ts'
import { spanOf } from '../spans.ts'
import { concepts, type Element, element, elements, text, wordsOfConcept } from '../wire.ts'
import { saysOneOf } from '../words.ts'

export const encounter: Compile<'encounter'> = (fact, content) => {
  const classify = classifier(fact, content)
  const shortest = fact['shorter-than'] && parameterOf(content, fact['shorter-than'])
  return {
    reads: ['Encounter'],
    find: ({ record, today }) => {
      // Without an encounter in the call the chart was opened outside a stay.
      if (!record.encounterId) return no
      if (!record.encounter) return cannotTell(['Encounter'])
      const source = record.encounter as unknown as Element
      const isIn = classify(source)
      const evidence: Evidence = {
        reference: `Encounter/${record.encounterId}`,
        what: fact.asks,
        how: 'element',
        date: record.encounter.period?.start,
      }
      if (isIn !== undefined) return isIn ? yes([evidence]) : no
      const isShort = typeof shortest === 'number' && lasts(source, today) < shortest
      if (isShort && !speaksOfAdmission(source, fact)) return no
      return cannotTell([], [{ ...evidence, what: 'class of the visit', how: 'not-read' }])
    },
  }
}

/** Undefined where neither the class nor its words are known. */
function classifier(fact: FactOf<'encounter'>, content: Content) {
  const lower = (codes: readonly string[]) => new Set(codes.map((code) => code.toLowerCase()))
  const [inside, outside] = [lower(fact.classes), lower(fact['other-classes'])]
  const own = content.site['encounter-classes']
  const ofSite = (source: Element) => {
    const codings = elements(source.class).flatMap((each) =>
      each.coding === undefined ? [each] : elements(each.coding),
    )
    return own.find(({ system, code }) =>
      codings.some((coding) => coding.code === code && (system === undefined || coding.system === system)),
    )
  }
  return (source: Element): boolean | undefined => {
    const local = ofSite(source)
    if (local) return local.means === 'inpatient'
    const { codes, said } = toldBy(source.class)
    if (codes.some((code) => inside.has(code))) return true
    if (codes.some((code) => outside.has(code))) return false
    if (saysOneOf(said, fact.words)) return true
    return saysOneOf(said, fact['other-words']) ? false : undefined
  }
}

/** Days from its beginning to its end, or to today while it has none; endless where nobody knows. */
function lasts(source: Element, today: number): number {
  const [start] = startsOf('Encounter', source)
  const began = spanOf(start)
  const ended = spanOf(element(source.period)?.end ?? element(source.actualPeriod)?.end)
  return began ? (ended?.last ?? today) - began.first : Number.POSITIVE_INFINITY
}

function speaksOfAdmission(source: Element, fact: FactOf<'encounter'>): boolean {
  const stay = element(source.hospitalization) ?? element(source.admission)
  if (stay && (stay.admitSource !== undefined || stay.origin !== undefined)) return true
  const types = [...concepts(source.type), ...concepts(source.serviceType)].map(wordsOfConcept)
  return saysOneOf([...types, text(source.description) ?? ''].join(' | '), fact['admission-words'])
}

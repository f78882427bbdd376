/** How a fact is found, in words: what is looked at, how far back, and what nothing found means. */
import type { FactDeclaration, FactOf } from '../pathway/schema.ts'
import { listed, quoted, spaced } from './markdown.ts'
import type { Speech } from './sentence.ts'

interface Told {
  /** What is looked at, in phrases. */
  how: readonly string[]
  /** How recent it must be, in phrases; empty when time does not matter. */
  when: readonly string[]
}

/** `link` makes a link of the name of another fact. */
export function tellEvidence(fact: FactDeclaration, speech: Speech, link: (fact: string) => string): Told {
  switch (fact.kind) {
    case 'draft-order':
      return { how: [ofOrder(fact)], when: [] }
    case 'condition':
      return { how: ofCondition(fact), when: whenOfCondition(fact, speech) }
    case 'observation':
      return { how: [ofObservation(fact, speech)], when: within(fact.within, speech) }
    case 'medication':
      return {
        how: ofMedication(fact, speech),
        when: [...within(fact.within, speech), ...inEpisode(fact, speech)],
      }
    case 'allergy':
      return {
        how: ['allergy by substance, product, class or words; what cannot be read cannot be told'],
        when: [],
      }
    case 'service':
      return { how: ofService(fact), when: [...within(fact.within, speech), ...inEpisode(fact, speech)] }
    case 'person':
      return { how: [ofPerson(fact, speech)], when: [] }
    case 'encounter':
      return { how: [`the class of this visit is ${listed(fact.classes, 'or')}`], when: ['this visit'] }
    case 'episode':
      return { how: ['worked out from this bout of back pain'], when: [] }
    case 'group':
      return { how: [ofGroup(fact, link)], when: [] }
    case 'placed':
      return {
        how: [`${link(fact.fact)} is known to lie on one side of ${speech.number(fact.at)}`],
        when: [],
      }
    case 'words':
      return {
        how: [`${wordsSought(fact)} in the order's reason or note, unless negated`],
        when: [],
      }
    case 'reason':
      return { how: [ofReason(fact)], when: [] }
    case 'dose':
      return { how: [doses[fact.read]], when: [] }
    case 'function':
      return { how: [`a function of its own: ${fact.because}`], when: [] }
  }
}

const doses: Readonly<Record<FactOf<'dose'>['read'], string>> = {
  'dose-not-read': 'whether the dose that is written on the draft could not be read',
  'mme-per-day': 'worked out from the doses of all medicines in use, in morphine milligram equivalents a day',
  'supply-days': 'the days of supply of the draft order',
  units: 'the units of the draft order',
}

const wordsSought = ({ list, codes }: FactOf<'words'>) =>
  [
    ...(list ? [`words of the list “${spaced(list)}”`] : []),
    ...(codes ? ['words that mean one of these'] : []),
  ].join(', or ')

function ofOrder({
  beside,
  column,
  element,
  codes,
  words,
  named = {},
  otherwise,
}: FactOf<'draft-order'>): string {
  const source = beside
    ? `whether ${spaced(beside)} is drafted in the same call`
    : element
      ? `element ${element} of the order`
      : codes
        ? `column ${column ?? ''} of the order's code`
        : 'trigger that the order matched'
  const answers = [...new Set([...Object.keys(words), ...Object.keys(named)])].map(spaced)
  const rest = otherwise === undefined ? '' : `, otherwise ${spaced(otherwise)}`
  const byName = Object.keys(named).map(
    (word) => `; ${spaced(word)} also where its name says so (medicines.yaml)`,
  )
  return `${source}: ${listed(answers, 'or')}${rest}${byName.join('')}`
}

const statuses = {
  any: 'of any status',
  active: 'active, or without a status',
  past: 'resolved, inactive or in remission',
}

function ofCondition(fact: FactOf<'condition'>): string[] {
  return [
    `coded finding (${listed(fact.in, 'or')}), ${statuses[fact.status]}`,
    fact['with-words'] ? `its text says ${listed(fact['with-words'].map(quoted), 'or')}` : '',
    codesOf('only', fact['only-codes']),
    codesOf('without', fact['except-codes']),
  ].filter((part) => part !== '')
}

const codesOf = (which: 'only' | 'without', codes: readonly string[] | undefined) =>
  codes ? `${which} ${listed(codes, 'and')}` : ''

const undated = {
  counts: 'counts',
  unknown: 'cannot be told',
  ignored: 'does not count',
  only: 'the only kind that counts',
}

function whenOfCondition(fact: FactOf<'condition'>, speech: Speech): string[] {
  const active = fact['within-if-active']
  const old = fact['not-older-than-episode']
  const isDated = fact.within !== undefined || fact.beyond !== undefined
  return [
    ...within(fact.within, speech),
    active ? `${speech.number(active)} while active` : '',
    fact.beyond ? `more than ${speech.number(fact.beyond)} ago` : '',
    fact['from-abatement'] ? 'counted from its end' : '',
    fact['or-active'] ? 'any date while active' : '',
    fact['or-this-encounter'] ? 'or on this visit' : '',
    fact.suspected === 'counts' ? 'a suspicion counts' : '',
    fact['ended-by'] ? 'ended by a later entry that says so' : '',
    old ? `not if first recorded more than ${speech.number(old)} before this pain began` : '',
    isDated ? `without a date: ${undated[fact.undated]}` : '',
  ].filter((part) => part !== '')
}

function ofObservation(fact: FactOf<'observation'>, speech: Speech): string {
  const fall = fact['fall-in-percent']
  const ahead = fact['day-ahead']
  if (ahead) return `latest value is a day ahead, within ${speech.number(ahead)}`
  if (fact.answers) return 'latest coded answer is one that means yes'
  if (fall) return `fall of ${speech.number(fall)} or more from the highest to the latest value`
  const which = fact.latest ? 'latest measured value' : 'measured value'
  return fact.value ? `${which} ${speech.comparison(fact.value)}` : which
}

function ofMedication(fact: FactOf<'medication'>, speech: Speech): string[] {
  const { supply, route, 'not-by-route': notBy, 'in-use': inUse } = fact
  const gap = fact['without-gap']
  return [
    'medicine ordered or dispensed',
    inUse
      ? `in use now: a supply that reaches to today, an open order younger than ${speech.number(inUse)}, or an active home medicine`
      : '',
    fact.alone ? 'in no combination' : '',
    fact['only-named'] ? `only ${listed(fact['only-named'], 'and')}` : '',
    codesOf('without', fact['except-codes']),
    route ? `by a ${listed([route].flat().map(spaced), 'or')} route; an unknown route cannot be told` : '',
    notBy ? `not by a ${listed(notBy.map(spaced), 'or')} route` : '',
    fact['reason-among'] ? 'ordered for back pain, or for no stated reason' : '',
    fact['given-in-hospital'] === 'ignored' ? 'without what is given in a hospital' : '',
    supply
      ? `at least ${speech.number(supply)} of supply${gap ? `, no gap over ${speech.number(gap)}` : ''}`
      : '',
    fact['co-drafted'] ? 'or drafted in the same call' : '',
  ].filter((part) => part !== '')
}

const progress = {
  done: 'done',
  ordered: 'ordered, under way or done',
  refused: 'refused or contraindicated',
}

function ofService(fact: FactOf<'service'>): string[] {
  const where = Object.entries(fact.where ?? {}).map(
    ([column, values]) => `${column} ${listed(values, 'or')}`,
  )
  return [
    `service ${progress[fact.progress]} (${listed(fact.in, 'or')})`,
    where.length > 0 ? `only ${listed(where, 'and')}` : '',
    codesOf('without', fact['except-codes']),
    fact['with-words'] ? `its text says ${listed(fact['with-words'].map(quoted), 'or')}` : '',
    fact['or-unspecified'] ? 'or it says no more than the code does' : '',
  ].filter((part) => part !== '')
}

function ofPerson({ read, value }: FactOf<'person'>, speech: Speech): string {
  if (read === 'deceased') return 'whether a death is recorded'
  return value ? `${read} ${speech.comparison(value)}` : read
}

function ofGroup(fact: FactOf<'group'>, link: (fact: string) => string): string {
  const anyOf = fact['any-of']
  return anyOf
    ? `any of: ${anyOf.map(link).join(', ')}`
    : `all of: ${(fact['all-of'] ?? []).map(link).join(', ')}`
}

function ofReason(fact: FactOf<'reason'>): string {
  const beyond = fact['some-outside'] ? 'the order gives a reason beyond these codes and back-pain words' : ''
  const note = fact['or-note'] ? 'it carries a note' : ''
  if (beyond || note) return listed([beyond, note].filter(Boolean), 'or')
  return fact.outside
    ? 'the order gives a reason, and none is among these codes or back-pain words'
    : "one of the order's reasons is among these codes"
}

const within = (days: string | undefined, speech: Speech) => (days ? [`last ${speech.number(days)}`] : [])

function inEpisode(fact: FactOf<'medication'> | FactOf<'service'>, speech: Speech): string[] {
  const started = fact['started-at-least']
  return [
    ...(fact['in-episode'] ? ['in this episode'] : []),
    ...(started ? [`begun at least ${speech.number(started)} ago`] : []),
  ]
}

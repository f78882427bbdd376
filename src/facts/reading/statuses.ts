/** Clinical status, verification and answers, from every coding in any case, and from words where no code is known. */
import type { AnswerCodes, WordLists } from '../../pathway/schema.ts'
import { type Element, element, elements, number, text } from '../wire.ts'
import { opensOrCloses, saysOneOf } from '../words.ts'

/** Does it hold now? `unstated` where the record does not say, as most visit diagnoses do not. */
export type Standing = 'active' | 'past' | 'unstated'

/** Is the sign there? `unknown` where it was not looked for, or nobody can tell what was answered. */
export type Presence = 'present' | 'suspected' | 'absent' | 'unknown'

export interface Statuses {
  /** Said in error, refuted, cancelled, or not to be done. */
  isWithdrawn(source: Element): boolean
  standingOf(type: string, source: Element): Standing
  /** What an observation, or a component of one, answers of the sign that its code names. */
  presenceOf(source: Element): Presence
}

export function readStatuses(content: { answerCodes: AnswerCodes; words: WordLists }): Statuses {
  const { answers, standing, withdrawn } = content.answerCodes
  const { words } = content
  const set = (codes: readonly string[]) => new Set(codes.map((code) => code.toLowerCase()))
  const [yes, no, unknown] = [set(answers.yes), set(answers.no), set(answers.unknown)]
  const [past, active] = [set(standing.past.codes), set(standing.active.codes)]
  const withdrawnCodes = set(withdrawn.codes)

  function isWithdrawn(source: Element): boolean {
    if (source.doNotPerform === true) return true
    return isOneOf(source.status) || isOneOf(source.verificationStatus)
  }

  function isOneOf(status: unknown): boolean {
    if (status === undefined) return false
    const { codes, said } = toldBy(status)
    return codes.some((code) => withdrawnCodes.has(code)) || (said !== '' && saysOneOf(said, withdrawn.words))
  }

  function standingOf(type: string, source: Element): Standing {
    const { codes, said } = toldBy(source.clinicalStatus)
    const abated = type === 'Condition' ? hasAbated(source) : false
    if (codes.some((code) => active.has(code))) return abated ? 'unstated' : 'active'
    if (codes.some((code) => past.has(code))) return 'past'
    if (said !== '' && saysOneOf(said, standing.past.words)) return 'past'
    if (abated) return 'past'
    return said !== '' && saysOneOf(said, standing.active.words) ? 'active' : 'unstated'
  }

  function presenceOf(source: Element): Presence {
    const answer = answerIn(source)
    if (answer !== undefined) return answer
    if (source.dataAbsentReason !== undefined) return 'unknown'
    const interpreted = elements(source.interpretation).map(coded)
    return interpreted.find((each) => each !== undefined) ?? 'present'
  }

  /** The value in whatever element it came, and a truth value in quotes too. Undefined when none stands there. */
  function answerIn(source: Element): Presence | undefined {
    const name = Object.keys(source).find((each) => each.startsWith('value') && source[each] !== null)
    if (name === undefined) return undefined
    const [value] = Array.isArray(source[name]) ? source[name] : [source[name]]
    if (typeof value === 'boolean') return value ? 'present' : 'absent'
    if (typeof value === 'number') return value > 0 ? 'present' : 'absent'
    if (typeof value === 'string') return coded({ code: value, text: value }) ?? 'unknown'
    const found = element(value)
    const amount = found?.coding === undefined ? number(found?.value) : undefined
    if (amount !== undefined) return amount > 0 ? 'present' : 'absent'
    return (found && coded(found)) ?? 'unknown'
  }

  function coded(concept: Element): Presence | undefined {
    const { codes, said } = toldBy(concept)
    if (codes.some((code) => unknown.has(code))) return 'unknown'
    if (codes.some((code) => no.has(code))) return 'absent'
    if (codes.some((code) => yes.has(code))) return 'present'
    return said === '' ? undefined : worded(said)
  }

  /** A denial counts where an answer begins or ends with it: "no numbness", "numbness: absent". */
  function worded(said: string): Presence | undefined {
    if (saysOneOf(said, words.unknowns)) return 'unknown'
    for (const part of said.split('|')) {
      if (opensOrCloses(part, words['not-negations'])) return undefined
      if (opensOrCloses(part, words.denials)) return 'absent'
    }
    return saysOneOf(said, words.affirmations) ? 'present' : undefined
  }

  return { isWithdrawn, standingOf, presenceOf }
}

/** All codes in lower case, and all words, of a code, a Coding, a CodeableConcept, or a list of them. */
export function toldBy(value: unknown): { codes: readonly string[]; said: string } {
  if (typeof value === 'string') return { codes: [value.trim().toLowerCase()], said: value }
  const codes: string[] = []
  const said: string[] = []
  for (const concept of elements(value)) {
    for (const coding of concept.coding === undefined ? [concept] : elements(concept.coding)) {
      const code = typeof coding.code === 'number' ? String(coding.code) : text(coding.code)
      if (code !== undefined) codes.push(code.trim().toLowerCase())
      const display = text(coding.display)
      if (display !== undefined) said.push(display)
    }
    const words = text(concept.text)
    if (words !== undefined) said.push(words)
  }
  return { codes, said: said.join(' | ') }
}

function hasAbated(source: Element): boolean {
  if (element(source.abatementPeriod)) return element(source.abatementPeriod)?.end !== undefined
  return ['abatementDateTime', 'abatementString', 'abatementAge', 'abatementRange', 'abatementBoolean'].some(
    (name) => source[name] !== undefined && source[name] !== false && source[name] !== null,
  )
}

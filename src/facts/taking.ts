/** Is a medicine taken? What its status, its intent, and whoever reported it say, in the spellings of DSTU2 to R5. */
import { Remembered } from '../bounds.ts'
import type { Content } from '../content/content.ts'
import { toldBy } from './reading/statuses.ts'
import { type Concept, concepts, type Element, element, elements, text, wordsOfConcept } from './wire.ts'
import { saysOneOf } from './words.ts'

export interface Taking {
  /** `never` where it was not begun, or is said in error. */
  state: 'never' | 'finished' | 'stopped' | 'going-on'
  /** False where the record itself leaves it open: a plan that nobody reported as taken, "unknown". */
  isSure: boolean
  /** The patient takes it at home, as somebody reported. */
  isHome: boolean
  /** Given in a hospital or a clinic, and not to take home. */
  isInHospital: boolean
}

export type ReadTaking = (type: string, source: Element, said: readonly Concept[]) => Taking

/** Texts that are remembered. */
const mostTexts = 2000
const longestRemembered = 300

const never: Taking = { state: 'never', isSure: true, isHome: false, isInHospital: false }

export function takingReader({ status, settings }: Content['medicines']): ReadTaking {
  const lists = Object.entries(status).map(([name, { codes, words }]) => ({
    name: name as keyof typeof status,
    codes: new Set(codes),
    words,
  }))
  const [hospital, home] = [new Set(settings.hospital), new Set(settings.home)]

  /** "discontinued" in the name, the dosage or the reason. The same few texts come again in every chart. */
  const texts = new Remembered<boolean>(mostTexts, longestRemembered)
  function isSaidStopped(words: string): boolean {
    const known = texts.get(words)
    if (known !== undefined) return known
    const isSaid = saysOneOf(words, status.stopped.words)
    texts.set(words, isSaid)
    return isSaid
  }

  /** What one element says: a code in any case, else words. */
  function namedBy(value: unknown): keyof typeof status | undefined {
    if (value === undefined || value === null) return undefined
    const { codes, said } = toldBy(value)
    const plain = codes.map((code) => code.replaceAll(/[\s_]/g, '-'))
    const coded = lists.find((list) => plain.some((code) => list.codes.has(code)))
    return (coded ?? lists.find(({ words }) => words.length > 0 && saysOneOf(said, words)))?.name
  }

  return (type, source, said) => {
    if (isTrue(source.doNotPerform) || isTrue(source.wasNotTaken) || isTrue(source.wasNotGiven)) return never
    const isReported = isTrue(source.reportedBoolean) || isTrue(source.reported) || reporterOf(source)
    const category = toldBy(source.category).codes
    const isHome = isReported || type === 'MedicationStatement' || category.some((code) => home.has(code))
    const intent = toldBy(source.intent).codes[0] ?? ''
    const isPlan = intent === 'plan' || intent === 'proposal' || intent === 'option'
    // What somebody plans is not taken. A plan of which nobody says whether it was reported may be.
    if (isPlan && !isHome && !(intent === 'plan' && source.reportedBoolean === undefined)) return never
    const told = [source.status, source.taken, element(source.adherence)?.code].map(namedBy)
    if (told.includes('never')) return never
    const ended = told.find((each) => each === 'stopped' || each === 'finished')
    const words = [...said, ...concepts(source.statusReason)].map(wordsOfConcept)
    for (const dosage of elements(source.dosageInstruction ?? source.dosage))
      words.push(text(dosage.text) ?? '')
    return {
      state: isSaidStopped(words.join(' | ')) ? 'stopped' : (ended ?? 'going-on'),
      isSure: !(isPlan && !isHome) && !told.includes('unsure'),
      isHome,
      isInHospital: type === 'MedicationAdministration' || category.some((code) => hospital.has(code)),
    }
  }
}

const isTrue = (value: unknown) => value === true || value === 'true'

const reporterOf = (source: Element) => element(source.reportedReference) !== undefined

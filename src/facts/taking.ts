/** Is a medicine taken? What its status, its intent, and whoever reported it say, in the spellings of DSTU2 to R5. */
import { Remembered } from '../bounds.ts'
import type { Content } from '../pathway/content.ts'
import { clausesOf } from './clauses.ts'
import { wordsIn } from './phrases.ts'
import { Spelling } from './reading/spelling.ts'
import { toldBy } from './reading/statuses.ts'
import { type ToldTime, timeIn } from './reading/told-time.ts'
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
  /** Its words say when it was taken last: "discontinued 2016", "last filled 11 mos ago". */
  until?: ToldTime
}

export type ReadTaking = (type: string, source: Element, said: readonly Concept[]) => Taking

/** Texts that are remembered. */
const mostTexts = 2000
const longestRemembered = 300

const never: Taking = { state: 'never', isSure: true, isHome: false, isInHospital: false }

interface Told {
  isStopped: boolean
  until?: ToldTime
}

export function takingReader({
  medicines: { status, settings },
  words: cues,
}: Pick<Content, 'medicines' | 'words'>): ReadTaking {
  const { last: _last, ...states } = status
  const lists = Object.entries(states).map(([name, { codes, words }]) => ({
    name: name as keyof typeof states,
    codes: new Set(codes),
    words,
  }))
  const [hospital, home] = [new Set(settings.hospital), new Set(settings.home)]

  const spelling = new Spelling([...status.stopped.words, ...status.last].flatMap(wordsIn), [], {})

  /** "Discontinued" in the name, the dosage or the reason, and when. The same few texts come again in every chart. */
  const texts = new Remembered<Told>(mostTexts, longestRemembered)
  function told(text: string): Told {
    const known = texts.get(text)
    if (known !== undefined) return known
    const words = spelling.meant(clausesOf(text, cues).flat())
    const said = words.join(' ')
    const isStopped = saysOneOf(said, status.stopped.words)
    const until = isStopped || saysOneOf(said, status.last) ? timeIn(words) : undefined
    const read = { isStopped, ...(until ? { until } : {}) }
    texts.set(text, read)
    return read
  }

  /** What one element says: a code in any case, else words. */
  function namedBy(value: unknown): keyof typeof states | undefined {
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
    const named = [source.status, source.taken, element(source.adherence)?.code].map(namedBy)
    if (named.includes('never')) return never
    const ended = named.find((each) => each === 'stopped' || each === 'finished')
    const words = [...said, ...concepts(source.statusReason)].map(wordsOfConcept)
    for (const dosage of elements(source.dosageInstruction ?? source.dosage))
      words.push(text(dosage.text) ?? '')
    const { isStopped, until } = told(words.join(' | '))
    // Stopped on a day that nobody tells: the day of such an entry may be that on which it was written down.
    const isAnyTime = isStopped && until === undefined && ended === undefined
    return {
      state: isStopped ? 'stopped' : (ended ?? 'going-on'),
      isSure: !(isPlan && !isHome) && !named.includes('unsure') && !isAnyTime,
      ...(until ? { until } : {}),
      isHome,
      isInHospital: type === 'MedicationAdministration' || category.some((code) => hospital.has(code)),
    }
  }
}

const isTrue = (value: unknown) => value === true || value === 'true'

const reporterOf = (source: Element) => element(source.reportedReference) !== undefined

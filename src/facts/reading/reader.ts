/** What reading one record needs: value sets, words, statuses, believable dates, and which visit a problem belongs to. */
import type { CodeIndex, CodeRow } from '../../pathway/codes.ts'
import type { Content } from '../../pathway/content.ts'
import type { Functions, ReportHeadings } from '../../pathway/schema.ts'
import type { PatientRecord } from '../../record/record.ts'
import { keysOf, parameterOf } from '../lookups.ts'
import { type Span, spanOf } from '../spans.ts'
import { type Element, element, elements, referenceId } from '../wire.ts'
import { type BeyondCodes, beyondCodes } from './beside-codes.ts'
import { type Dated, type DateReader, dateReader, startsOf } from './dates.ts'
import { imagingReader } from './imaging.ts'
import { Lexicon } from './lexicon.ts'
import { resultNames } from './results.ts'
import { nothingSaid, notRead, type Said } from './said.ts'
import { readStatuses, type Statuses } from './statuses.ts'

/** What is the same for every record, made ready once. */
interface ReadingRules {
  codes: CodeIndex
  lexicon: Lexicon
  statuses: Statuses
  /** Lumbar imaging that a text names. */
  imagingIn(text: string): CodeRow | undefined
  /** What is measured under these names. */
  measuredAs(names: readonly string[]): readonly CodeRow[]
  /** What is called chronic began at least so many days before it was written. */
  longStandingDays: number
  beyondCodes: BeyondCodes
  functions: Functions
  reportHeadings: ReportHeadings
  /** Groups that facts look for in reports of imaging: nothing else is read of what a report concludes. */
  toldByReports: ReadonlySet<string>
}

export function compileReading(content: Content): ReadingRules {
  const lexicon = lexiconOf(content)
  return {
    codes: content.codes,
    lexicon,
    functions: content.words.functions,
    reportHeadings: content.words['report-headings'],
    beyondCodes: beyondCodes(content.words['beside-codes'], (text) => lexicon.read(text)),
    statuses: readStatuses(content),
    imagingIn: imagingReader(content.meanings),
    measuredAs: resultNames(content.meanings),
    longStandingDays: parameterOf(content, content.words['long-standing-after'] ?? 0),
    toldByReports: new Set(
      Object.values(content.facts).flatMap((fact) =>
        fact.kind === 'service' && fact.in.includes('DiagnosticReport') ? keysOf(fact.codes) : [],
      ),
    ),
  }
}

type Language = Pick<Content, 'meanings' | 'words' | 'codes' | 'medicines'>

/** Most of what compiling costs, and the same whatever a site sets and whatever rules there are. */
const lexicons = new WeakMap<Content['meanings'], Language & { lexicon: Lexicon }>()

function lexiconOf({ meanings, words, codes, medicines }: Language): Lexicon {
  const made = lexicons.get(meanings)
  if (made?.words === words && made.codes === codes && made.medicines === medicines) return made.lexicon
  const lexicon = new Lexicon({ meanings, words, codes, medicines })
  lexicons.set(meanings, { meanings, words, codes, medicines, lexicon })
  return lexicon
}

export interface Reader extends ReadingRules, DateReader {
  /** In days since 1970-01-01. */
  today: number
  /** What a text says, read once in a record however often it stands there; beyond the most that is read, unknown. */
  said(text: string): Said
  /** What the beginning of a text says of all that follows. */
  opening(text: string): 'affirmed' | 'suspected' | 'past'
  /** When the visit of this id began. */
  visitDate(id: string): Dated | undefined
  /** Id of the visit that names this problem among its diagnoses or reasons. */
  visitNaming(conditionId: string): string | undefined
}

/**
 * Different texts that are read in one record, and their characters. DESIGN: the largest charts of test data have some
 * hundreds that no code says already.
 */
export const mostRead = { texts: 2000, characters: 500_000 }

export function openReader(rules: ReadingRules, record: PatientRecord, today: number): Reader {
  const birth: Span | undefined = spanOf(record.patient?.birthDate)
  const dates = dateReader(today, birth)
  const texts = new Map<string, Said>()
  let characters = 0
  let visits: Visits | undefined
  return {
    ...rules,
    ...dates,
    today,
    said(text) {
      if (text === '') return nothingSaid
      const known = texts.get(text)
      if (known) return known
      characters += text.length
      if (texts.size >= mostRead.texts || characters > mostRead.characters) return notRead
      const said = rules.lexicon.read(text)
      texts.set(text, said)
      return said
    },
    opening: (text) => rules.lexicon.opening(text),
    visitDate: (id) => {
      visits ??= visitsOf(record)
      const visit = visits.byId.get(id)
      return visit && dates.believed(startsOf('Encounter', visit))
    },
    visitNaming: (conditionId) => {
      visits ??= visitsOf(record)
      return visits.naming.get(conditionId)
    },
  }
}

interface Visits {
  byId: ReadonlyMap<string, Element>
  naming: ReadonlyMap<string, string>
}

function visitsOf(record: PatientRecord): Visits {
  const all = [...(record.resources.get('Encounter') ?? [])]
  if (record.encounter && !all.includes(record.encounter)) all.push(record.encounter)
  const byId = new Map<string, Element>()
  const naming = new Map<string, string>()
  for (const visit of all) {
    const source = visit as unknown as Element
    if (!visit.id) continue
    byId.set(visit.id, source)
    for (const id of problemsOf(source)) if (!naming.has(id)) naming.set(id, visit.id)
  }
  return { byId, naming }
}

/** Ids of the problems that a visit was for, in the spellings of STU3, R4 and R5. */
export function problemsOf(visit: Element | undefined): string[] {
  if (!visit) return []
  const named = [
    ...elements(visit.reasonReference),
    ...elements(visit.diagnosis).flatMap((each) => [
      ...elements(each.condition),
      ...elements(each.condition).map((condition) => element(condition.reference)),
    ]),
    ...elements(visit.reason).flatMap((each) =>
      elements(each.value).map((value) => element(value.reference)),
    ),
  ]
  return named.flatMap((reference) => referenceId(reference)?.id ?? [])
}

/** An allergy to a medicine: by substance, product, class, reaction or words; what cannot be read may be one. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeRow } from '../../pathway/codes.ts'
import type { Content } from '../../pathway/content.ts'
import { cannotTell, type Evidence, type Known, yes } from '../../pathway/known.ts'
import type { Case, Compile } from '../case.ts'
import { absentAnswer, keysOf } from '../lookups.ts'
import { namesBeyond } from '../medicine-reading.ts'
import { evidenceOf } from '../reading/evidence.ts'
import type { Reader } from '../reading/reader.ts'
import { toldBy } from '../reading/statuses.ts'
import { circumstances } from '../statements.ts'
import { type Concept, concepts, type Element, elements, text, wordsOfConcept } from '../wire.ts'
import { saysOneOf } from '../words.ts'

const reads = ['AllergyIntolerance'] as const

export const allergy: Compile<'allergy'> = (fact, content) => {
  const keys = keysOf(fact.codes)
  const absent = absentAnswer(fact)
  const readAllergy = allergyReader(content, new Set(keys), new Set(keysOf(fact.none ?? {})))

  function find(about: Case): Known {
    const { record, index } = about
    const found: Evidence[] = []
    const unsure: Evidence[] = []
    for (const resource of record.resources.get('AllergyIntolerance') ?? []) {
      const read = readAllergy(resource, index.reader)
      if (!read) continue
      const { said, row, how, isSure } = read
      const told = evidenceOf(
        { ...circumstances(resource, index.reader), concepts: said, rows: [], how },
        row,
      )
      if (isSure) found.push(told)
      else unsure.push(told)
    }
    for (const key of keys) {
      for (const statement of index.statements(key)) {
        if (statement.type !== 'Condition' || statement.presence === 'absent') continue
        const list = statement.presence === 'present' ? found : unsure
        list.push(
          evidenceOf(
            statement,
            statement.rows.find((row) => row.key === key),
          ),
        )
      }
    }
    if (found.length > 0) return yes(found)
    const gaps = about.gaps.among(reads)
    return unsure.length > 0 || gaps.length > 0 ? cannotTell(gaps, unsure) : absent
  }

  return { find, reads }
}

interface AllergyRead {
  said: readonly Concept[]
  row: CodeRow | undefined
  how: Evidence['how']
  isSure: boolean
}

/** Undefined where it is to something else, was withdrawn or is over, or says that there is none. */
function allergyReader(content: Content, keys: ReadonlySet<string>, none: ReadonlySet<string>) {
  const { codes, medicines } = content
  const { allergies } = medicines
  const sets = new Set([...keys].map((key) => key.slice(0, key.indexOf('/'))))
  const namesSomething = namesBeyond([...medicines.nameless, ...allergies.nameless])
  const others = new Set(allergies['other-categories'])

  return (resource: FhirResource, reader: Reader): AllergyRead | undefined => {
    const source = resource as unknown as Element
    const status = { clinicalStatus: source.clinicalStatus ?? source.status }
    if (reader.statuses.isWithdrawn(source) || reader.statuses.standingOf('', status) === 'past')
      return undefined
    const said = saidIn(source)
    let isHeld = false
    for (const concept of said) {
      for (const coding of concept.codings) {
        const read = codes.read(coding, coding.system === undefined ? wordsOfConcept(concept) : undefined)
        const row = read.rows.find(({ key }) => keys.has(key))
        if (row) return { said, row, how: read.how, isSure: true }
        const isNone = read.rows.some(({ key }) => none.has(key))
        isHeld ||= isNone || (read.isHeld && !(coding.system && codes.holdsInPart(coding.system)))
      }
    }
    const words = [...said.map(wordsOfConcept), ...elements(source.note).map((note) => text(note.text) ?? '')]
      .filter((each) => each !== '')
      .join(' | ')
    const named = codes.lookupByName(words, sets).find(({ key }) => keys.has(key))
    if (named) return { said, row: named, how: 'name', isSure: !saysOneOf(words, allergies.denied) }
    if (isHeld || namesSomething(words) || saysOneOf(words, allergies.none)) return undefined
    const categories = [source.category].flat().flatMap((category) => toldBy(category).codes)
    if (categories.length > 0 && categories.every((category) => others.has(category))) return undefined
    return { said, row: undefined, how: 'not-read', isSure: false }
  }
}

/** The substance as R4 and R5, DSTU2, and the reactions have it. */
function saidIn(source: Element): readonly Concept[] {
  const reactions = elements(source.reaction).flatMap((reaction) => concepts(reaction.substance))
  return [...concepts(source.code), ...concepts(source.substance), ...reactions]
}

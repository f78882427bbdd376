/** The exported reading of charts in an engine that is not ours: cql-execution over cql-exec-fhir. */
import { FHIRWrapper, PatientSource } from 'cql-exec-fhir'
import {
  type Code,
  type CodeService,
  Date as CqlDate,
  type DataProvider,
  Executor,
  Library,
  ValueSet,
} from 'cql-execution'
import type { FhirResource } from 'fhir/r4.js'
import { valueSetUrl } from '../../src/export/about.ts'
import type { CodeRow } from '../../src/pathway/codes.ts'
import type { PatientRecord } from '../../src/record/record.ts'
import type { Told } from './engine.ts'

/** What is given beside the chart, by the names of the parameters; resources as FHIR has them. */
export type Given = Readonly<Record<string, boolean | string | FhirResource | null>>

/** Of an ELM library: what each define comes to for this record. */
export function chartEngineOf(elm: string, sets: ReadonlyMap<string, readonly CodeRow[]>) {
  const library = new Library(JSON.parse(elm))
  const codes = codeServiceOf(sets)
  // Their model of FHIR takes a second to read.
  const source = PatientSource.FHIRv401()
  const wrapper = FHIRWrapper.FHIRv401()
  rememberElements(wrapper)
  return async (record: PatientRecord, today: string, given: Given): Promise<Told> => {
    source.reset()
    const entries = new Set(
      [...record.resources.values(), record.encounter ? [record.encounter] : []]
        .flat()
        .filter(({ resourceType }) => resourceType !== 'Patient'),
    )
    source.loadBundles([
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [record.patient, ...entries].map((resource) => ({ resource })),
      },
    ])
    const parameters = Object.entries(given).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? wrapper.wrap(value) : value,
    ])
    const all = { today: CqlDate.parse(today), ...Object.fromEntries(parameters) }
    const { patientResults } = await new Executor(library, codes, all).exec(onceRead(source))
    return Object.values(patientResults)[0] as Told
  }
}

/** Their own value sets are gone through from end to end for each code of each entry, which takes most of the time. */
function codeServiceOf(sets: ReadonlyMap<string, readonly CodeRow[]>): CodeService {
  const byUrl = new Map(
    [...sets].map(([key, rows]) => [valueSetUrl(key), new Indexed(valueSetUrl(key), rows)]),
  )
  const find = (url: string) => byUrl.get(url)
  return { findValueSet: find, findValueSetsByOid: (url: string) => [find(url)] } as unknown as CodeService
}

class Indexed extends ValueSet {
  readonly #known: ReadonlySet<string>

  constructor(url: string, rows: readonly CodeRow[]) {
    super(url, '', [])
    this.#known = new Set(rows.map(({ system, code }) => `${system}|${code}`))
  }

  override hasMatch(said: unknown): boolean {
    return codesIn(said).some(({ system, code }) => this.#known.has(`${system}|${code}`))
  }
}

function codesIn(said: unknown): readonly Code[] {
  if (said === null || said === undefined) return []
  if (Array.isArray(said)) return said.flatMap(codesIn)
  const { codes } = said as { codes?: readonly Code[] }
  return codes ?? [said as Code]
}

interface Wrapped {
  get(field: string): unknown
  getCode(field: string): unknown
}
const elementsOf = new WeakMap<Wrapped, Map<string, unknown>>()
const remembered = Symbol('remembered')

/** An element is wrapped anew, with all that its type may hold, each time somebody looks at it: nine tenths of the time. */
function rememberElements(wrapper: FHIRWrapper): void {
  const one = wrapper.wrap({ resourceType: 'Condition', subject: {} }) as unknown as Wrapped
  const kind = Object.getPrototypeOf(one) as Wrapped & { [remembered]?: true }
  if (kind[remembered]) return
  for (const name of ['get', 'getCode'] as const) {
    const ask = kind[name]
    kind[name] = function (this: Wrapped, field) {
      const elements = elementsOf.get(this) ?? new Map<string, unknown>()
      elementsOf.set(this, elements)
      const key = `${name} ${field}`
      if (!elements.has(key)) elements.set(key, ask.call(this, field))
      return elements.get(key)
    }
  }
  kind[remembered] = true
}

/** The source wraps every record anew for each retrieve, which takes much time. */
function onceRead(source: PatientSource): DataProvider {
  let patient = source.currentPatient()
  if (patient) {
    const kept = new Map<string, ReturnType<typeof patient.findRecords>>()
    const find = patient.findRecords.bind(patient)
    patient.findRecords = (profile, details) => {
      const records = kept.get(profile) ?? find(profile, details)
      kept.set(profile, records)
      return records
    }
  }
  return {
    currentPatient: () => patient,
    nextPatient: () => {
      patient = undefined
      return patient
    },
  }
}

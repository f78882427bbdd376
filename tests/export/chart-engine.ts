/** The exported reading of charts in an engine that is not ours: cql-execution over cql-exec-fhir. */
import { PatientSource } from 'cql-exec-fhir'
import { CodeService, Date as CqlDate, type DataProvider, Executor, Library } from 'cql-execution'
import { valueSetUrl } from '../../src/export/about.ts'
import type { CodeRow } from '../../src/pathway/codes.ts'
import type { PatientRecord } from '../../src/record/record.ts'
import type { Told } from './engine.ts'

/** What the caller vouches for. */
interface Vouched {
  conditions: boolean | null
  observations: boolean | null
}

/** Of an ELM library: what each define comes to for this record. */
export function chartEngineOf(elm: string, rows: readonly CodeRow[]) {
  const library = new Library(JSON.parse(elm))
  const byUrl = Map.groupBy(rows, ({ key }) => valueSetUrl(key))
  const codes = new CodeService(
    Object.fromEntries(
      [...byUrl].map(([url, each]) => [
        url,
        { '': each.map(({ code, system }) => ({ code, system, version: '' })) },
      ]),
    ),
  )
  // Its model of FHIR takes a second to read.
  const source = PatientSource.FHIRv401()
  return async (record: PatientRecord, today: string, vouched: Vouched): Promise<Told> => {
    source.reset()
    const entries = [...record.resources.values()]
      .flat()
      .filter(({ resourceType }) => resourceType !== 'Patient')
    source.loadBundles([
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [record.patient, ...entries].map((resource) => ({ resource })),
      },
    ])
    const given = {
      today: CqlDate.parse(today),
      'Condition told in full': vouched.conditions,
      'Observation told in full': vouched.observations,
    }
    const { patientResults } = await new Executor(library, codes, given).exec(onceRead(source))
    return Object.values(patientResults)[0] as Told
  }
}

/** The source wraps every record anew for each retrieve, which takes most of the time. */
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

/** Writes the invented population as NDJSON, one file a type, a megabyte at a time: no more than one person is in memory. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4.js'
import { randomFrom } from '../../tests/support/random.ts'
import { makeClinicians, makePerson } from './people.ts'
import { planFor } from './plan.ts'
import { clinicianResources, resourcesOf } from './resources.ts'
import { countPlan, emptyTruth, type Truth } from './truth.ts'

interface PopulationOptions {
  out: string
  patients: number
  seed?: number
  /** The year in which index visits are. */
  year?: number
  /** How often clinicians order an image, beside what they do by themselves: 0.5 is half as often. */
  imaging?: number
}

const full = 1 << 20
/** Types that a hospital was asked for and of which this population has none. */
const neverRecorded = [
  'Observation',
  'AllergyIntolerance',
  'DiagnosticReport',
  'ImagingStudy',
  'MedicationStatement',
]

class Files {
  readonly #folder: string
  readonly #open = new Map<string, { handle: number; waiting: string[]; size: number }>()
  written = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  write(resource: FhirResource): void {
    const { resourceType: type } = resource
    let file = this.#open.get(type)
    if (!file) {
      file = { handle: openSync(join(this.#folder, `${type}.ndjson`), 'w'), waiting: [], size: 0 }
      this.#open.set(type, file)
    }
    const line = `${JSON.stringify(resource)}\n`
    file.waiting.push(line)
    file.size += line.length
    this.written += 1
    if (file.size > full) flush(file)
  }

  /** A file without a line: asked for, and there is none. */
  none(type: string): void {
    writeFileSync(join(this.#folder, `${type}.ndjson`), '')
  }

  close(): void {
    for (const file of this.#open.values()) {
      flush(file)
      closeSync(file.handle)
    }
  }
}

function flush(file: { handle: number; waiting: string[]; size: number }): void {
  writeSync(file.handle, file.waiting.join(''))
  file.waiting = []
  file.size = 0
}

/** The same seed gives the same people; each has chances of their own. */
export function writePopulation({
  out,
  patients,
  seed = 1,
  year = 2024,
  imaging = 1,
}: PopulationOptions): Truth {
  mkdirSync(out, { recursive: true })
  const files = new Files(out)
  const truth = emptyTruth()
  const clinicians = makeClinicians(seed, imaging)
  for (const type of neverRecorded) files.none(type)
  for (const resource of clinicianResources(clinicians)) files.write(resource)
  const day = (text: string) => Date.parse(`${year}-${text}T00:00:00Z`) / 86_400_000
  const [from, to] = [day('01-01'), day('12-03')]
  for (let number = 1; number <= patients; number += 1) {
    const random = randomFrom(seed * 1_000_003 + number * 7919)
    const plan = planFor(makePerson(number, clinicians, random), from, to, random, clinicians)
    for (const resource of resourcesOf(plan)) files.write(resource)
    countPlan(truth, plan)
  }
  files.close()
  truth.resources = files.written
  writeFileSync(join(out, 'truth.json'), `${JSON.stringify({ year, seed, ...truth }, null, 1)}\n`)
  return truth
}

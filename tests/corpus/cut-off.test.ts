/**
 * Charts of adults that were collected, with a lumbar MRI drafted: does the main card still speak where the server gives
 * a page of each list only? Against the same charts uncut.
 */
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { loadOrder } from '../../fhir-fixtures/load.ts'
import { discovery } from '../../src/hooks/discovery.ts'
import { evaluatorWith, realContent, root } from '../support/evaluator.ts'
import { answerTemplates, type PagingServer } from '../support/paging-server.ts'
import { listSources, onCorpus, readCorpusFile } from './corpus.ts'

const today = '2026-11-21'

/** Exports hold a thousand patients to a file; some of them say as much. */
const mostPatients = 60
/** With fewer, a person and no chart. */
const fewestEntries = 10

interface Chart {
  name: string
  patientId: string
  resources: readonly FhirResource[]
}

onCorpus(run)

function run(folder: string): void {
  const charts = listSources(folder).flatMap(({ files }) => files.flatMap((path) => chartsIn(folder, path)))
  const content = realContent()
  const evaluator = evaluatorWith()
  const { services } = discovery(content, evaluator.reads, evaluator.observationCodes)
  const templates = services.find(({ hook }) => hook === 'order-sign')?.prefetch ?? {}
  const whole = charts.map((chart) => ({ chart, uncut: mainCard(chart, undefined) }))

  /** The rule of the main card; undefined where none speaks, or only to say that nothing could be checked. */
  async function mainCard({ patientId, resources }: Chart, server: PagingServer | undefined) {
    const draft = {
      ...loadOrder(join(root), 'lumbar-mri'),
      subject: { reference: `Patient/${patientId}` },
      // Of its own, because few of the charts have back pain.
      reasonCode: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.50' }] }],
    }
    const { planned } = await evaluator.explain({
      hook: 'order-sign',
      hookInstance: 'cut-off',
      patientId,
      draftOrders: { resourceType: 'Bundle', entry: [{ resource: draft }] },
      prefetch: answerTemplates(templates, resources, server),
    })
    const main = planned.find(
      ({ headline }) => headline.topic !== 'safety' && headline.topic !== 'not-checked',
    )
    return main && { code: main.headline.code, isConditional: main.conditions.length > 0 }
  }

  async function compared(server: PagingServer) {
    const figures = { speaking: 0, kept: 0, same: 0, conditional: 0, lost: [] as string[] }
    for (const { chart, uncut } of whole) {
      const before = await uncut
      if (!before) continue
      figures.speaking += 1
      const after = await mainCard(chart, server)
      if (!after) figures.lost.push(`${chart.name} ${before.code}`)
      else {
        figures.kept += 1
        figures.same += after.code === before.code ? 1 : 0
        figures.conditional += after.isConditional && !before.isConditional ? 1 : 0
      }
    }
    const share = (figures.kept / figures.speaking) * 100
    const { speaking, kept, same, conditional } = figures
    console.log(
      `of ${charts.length} charts of adults ${speaking} get a main card uncut; cut off ${kept} do (${share.toFixed(1)} %), ${same} by the same rule, ${conditional} on a condition`,
    )
    return { ...figures, share }
  }

  describe('charts of which every list has one page', () => {
    test('PF-11: keep their main card in at least 95 of 100, asked for a hundred and the newest first', async () => {
      const { share, speaking, lost } = await compared({ usual: 20, most: 100 })
      expect(speaking).toBeGreaterThan(50)
      expect(share, lost.join('\n')).toBeGreaterThanOrEqual(95)
    })

    test('PF-11: get no other advice than uncut where the server leaves the order unheard', async () => {
      const { speaking, same, kept } = await compared({ usual: 20, most: 100, ignoresOrder: true })
      expect(speaking).toBeGreaterThan(50)
      expect(same).toBe(kept)
    })
  })
}

function chartsIn(folder: string, path: string): Chart[] {
  const { name, values } = readCorpusFile(folder, path)
  const resources = values.flatMap(resourcesIn)
  const people = resources.filter((each) => each.resourceType === 'Patient' && isAdult(each))
  return people.slice(0, mostPatients).flatMap((patient) => {
    const id = patient.id ?? ''
    const own = resources.filter((each) => each === patient || ownerOf(each) === id)
    return id !== '' && own.length > fewestEntries
      ? [{ name: `${name}#${id}`, patientId: id, resources: own }]
      : []
  })
}

function resourcesIn(value: unknown): FhirResource[] {
  if (Array.isArray(value)) return value.flatMap(resourcesIn)
  if (typeof value !== 'object' || value === null) return []
  const { entry, resource, resourceType } = value as {
    entry?: unknown
    resource?: unknown
    resourceType?: unknown
  }
  if (Array.isArray(entry)) return entry.flatMap(resourcesIn)
  if (resource !== undefined) return resourcesIn(resource)
  return typeof resourceType === 'string' ? [value as FhirResource] : []
}

function isAdult(patient: FhirResource): boolean {
  const { birthDate, deceasedDateTime, deceasedBoolean } = patient as Record<string, unknown> & FhirResource
  const isDead = deceasedDateTime !== undefined || deceasedBoolean === true
  return (
    typeof birthDate === 'string' && birthDate.slice(0, 10) <= `${Number(today.slice(0, 4)) - 19}` && !isDead
  )
}

function ownerOf(resource: FhirResource): string | undefined {
  const owned = resource as unknown as Record<string, { reference?: unknown } | undefined>
  const reference = (owned.subject ?? owned.patient ?? owned.beneficiary)?.reference
  return typeof reference === 'string' ? reference.split(/[/:]/).at(-1) : undefined
}

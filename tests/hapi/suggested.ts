/** Every resource that a card offers to create or to change, for all fixtures, orders, vignettes and kinds of client. */
import { randomUUID } from 'node:crypto'
import type { FhirResource } from 'fhir/r4.js'
import { hookCall, listOrders, listPatients, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import type { Card } from '../../src/cards/render.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { toCall } from '../support/call.ts'
import { vignettes } from '../support/evaluated.ts'
import { realContent, root } from '../support/evaluator.ts'

interface Suggested {
  /** What it is, and for which client. */
  of: string
  /** What the order says in words. */
  text: string
  resource: FhirResource
}

const profiles = ['standard', 'epic'] as const

/** One of each kind: patients and dates apart, they are the same. */
export async function suggestedResources(today: string): Promise<Suggested[]> {
  const found = new Map<string, Suggested>()
  for (const { body, on } of callsOf(today)) {
    for (const profile of profiles) {
      for (const resource of resourcesIn(await cardsFor(body, on, profile))) {
        const text = textOf(resource)
        const of = `${resource.resourceType}, ${text}, ${statusOf(resource)}, ${profile}`
        if (!found.has(of)) found.set(of, { of, text, resource })
      }
    }
  }
  return [...found.values()]
}

function callsOf(today: string): { body: object; on: string }[] {
  const queries = realContent().queries
  const ofFixtures = listPatients(root).flatMap((name) => {
    const patient = loadPatient(root, name, today)
    return services.flatMap(({ hook }) =>
      listOrders(root).map((order) => ({
        body: hookCall({ patient, orders: [loadOrder(root, order)], hook, queries, today }),
        on: today,
      })),
    )
  })
  return [...ofFixtures, ...vignettes.map((vignette) => ({ body: toCall(vignette), on: vignette.today }))]
}

async function cardsFor(body: object, on: string, profile: (typeof profiles)[number]): Promise<Card[]> {
  const service = services.find(({ hook }) => 'hook' in body && body.hook === hook)
  if (!service) throw new Error('No service answers this')
  const { cards } = await evaluatorOn(on).evaluate(parseCall(body, service), { fhirServers: [], profile })
  return cards
}

const evaluators = new Map<string, ReturnType<typeof createEvaluator>>()

function evaluatorOn(day: string) {
  const known = evaluators.get(day)
  if (known) return known
  const made = createEvaluator(realContent(), { today: () => day, newId: randomUUID })
  evaluators.set(day, made)
  return made
}

const resourcesIn = (cards: readonly Card[]): FhirResource[] =>
  cards
    .flatMap(({ suggestions = [] }) => suggestions)
    .flatMap(({ actions }) => actions.flatMap(({ resource }) => resource ?? []))

function textOf(resource: FhirResource): string {
  if (resource.resourceType === 'MedicationRequest') return resource.medicationCodeableConcept?.text ?? ''
  return resource.resourceType === 'ServiceRequest' ? (resource.code?.text ?? '') : ''
}

/** Reasons are written in several ways. */
function statusOf(resource: FhirResource): string {
  const { intent, priority, reasonCode, reasonReference } = resource as Partial<
    Record<'intent' | 'priority' | 'reasonCode' | 'reasonReference', unknown>
  >
  const reason = reasonReference ? 'reason referred to' : reasonCode ? 'reason coded' : 'no reason'
  return [intent, priority, reason].filter(Boolean).join(' ')
}

/** What a person asked of a command: which invented patient, which draft orders, which hook. Mistakes are told kindly. */

import type { Patient } from 'fhir/r4.js'
import pc from 'picocolors'
import {
  hookCall,
  listOrders,
  listPatients,
  loadOrder,
  loadPatient,
  type PatientFixture,
  readSituations,
  type Situation,
} from '../../fhir-fixtures/load.ts'
import { type Service, services } from '../hooks/services.ts'
import type { Content } from '../pathway/content.ts'
import { nearest } from '../pathway/problems.ts'
import { Misunderstood } from './arguments.ts'
import { aligned } from './print/text.ts'

// Which patients and orders there are to try, each with a sentence.

export function listing(root: string, command: string): string {
  const situations = readSituations(root)
  const patients = listPatients(root).map((name) => {
    const situation = situations.get(name)
    return [pc.bold(name), situation ? describePatient(situation) : '']
  })
  const orders = listOrders(root).map((name) => [pc.bold(name), describe(root, name)])
  return [
    `Usage: npm run ${command} -- <patient> <order> [<order> …]`,
    '',
    'Patients',
    ...aligned(patients, 2),
    '',
    'Orders',
    ...aligned(orders, 2),
    '',
    `For example: npm run ${command} -- acute-week-two lumbar-mri`,
    'Orders are signed unless you add --hook order-select; --hook patient-view opens the chart without an order.',
  ].join('\n')
}

function describePatient({ sentence, brings }: Situation): string {
  return `${sentence} ${pc.dim(`(MRI: ${brings})`)}`
}

function describe(root: string, name: string): string {
  const order = loadOrder(root, name)
  if (order.resourceType === 'ServiceRequest')
    return [order.code?.text, order.priority].filter(Boolean).join(', ')
  return order.resourceType === 'MedicationRequest' ? (order.medicationCodeableConcept?.text ?? '') : ''
}

export interface Asked {
  patient: string
  orders: readonly string[]
  service: Service
}

export function readAsked(root: string, positionals: readonly string[], hookName: string): Asked {
  const service = services.find(({ hook }) => hook === hookName)
  if (!service)
    throw new Misunderstood(
      unknown(
        'hook',
        hookName,
        services.map(({ hook }) => hook),
      ),
    )
  const [patient = '', ...orders] = positionals
  known('patient', patient, listPatients(root))
  for (const order of orders) known('order', order, listOrders(root))
  if (service.hook === 'patient-view') {
    if (orders.length > 0)
      throw new Misunderstood(
        `A chart is opened before anything is drafted: leave out ${orders.join(' and ')}.`,
      )
    return { patient, orders, service }
  }
  if (orders.length === 0) {
    const opened = `To open the chart without one: --hook patient-view`
    throw new Misunderstood(
      `Which order is drafted for ${patient}? There are ${listOrders(root).join(', ')}\n${opened}`,
    )
  }
  return { patient, orders, service }
}

function known(what: string, name: string, names: readonly string[]): void {
  if (!names.includes(name)) throw new Misunderstood(unknown(what, name, names))
}

function unknown(what: string, name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  const guess = near === undefined ? '' : ` Did you mean "${near}"?`
  return `There is no ${what} "${name}".${guess}\nThere are ${names.join(', ')}`
}

export interface PreparedCall {
  patient: PatientFixture
  /** What an EHR posts. */
  body: { hook: Service['hook']; prefetch: Record<string, unknown>; context: Record<string, unknown> }
}

/** The call that an EHR would make of it today. */
export function prepareCall(
  root: string,
  { patient: name, orders: names, service: { hook } }: Asked,
  { queries }: Pick<Content, 'queries'>,
  today: string,
): PreparedCall {
  const patient = loadPatient(root, name, today)
  const orders = names.map((order) => loadOrder(root, order))
  return { patient, body: hookCall({ patient, orders, hook, queries, today }) }
}

// Who and what a call is about.

export function caseLine({ patient, orders, service }: Asked, today: string): string {
  return `${pc.bold([patient, ...orders].join(' · '))} ${pc.dim(`${service.hook}, ${today}`)}`
}

export function personLine({ name, gender, birthDate }: Patient): string {
  const [first] = name ?? []
  const called = [...(first?.given ?? []), first?.family].filter(Boolean).join(' ')
  return pc.dim([called, gender, birthDate && `born ${birthDate}`].filter(Boolean).join(', '))
}

/** What a person asked of a command: which invented patient, which draft orders, which hook. Mistakes are told kindly. */
import {
  hookCall,
  listOrders,
  listPatients,
  loadOrder,
  loadPatient,
  type PatientFixture,
} from '../../fhir-fixtures/load.ts'
import { type Service, services } from '../hooks/services.ts'
import type { Content } from '../pathway/content.ts'
import { nearest } from '../pathway/problems.ts'
import { Misunderstood } from './arguments.ts'

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

/** What a person asked of a command: which invented patient, which draft orders, which hook. Mistakes are told kindly. */
import { parseArgs } from 'node:util'
import {
  hookCall,
  listOrders,
  listPatients,
  loadOrder,
  loadPatient,
  type PatientFixture,
} from '../../fhir-fixtures/load.ts'
import type { Content } from '../content/content.ts'
import { nearest } from '../content/problems.ts'
import { type Service, services } from '../hooks/services.ts'

/** A mistake of the person who typed, with what to do about it. */
export class Misunderstood extends Error {
  override name = 'Misunderstood'
}

export interface Asked {
  patient: string
  orders: readonly string[]
  service: Service
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** Positional arguments and options; an unknown option is a mistake to be told, not a stack. */
export function readArguments<const O extends Options>(words: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true })
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string }
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    throw new Misunderstood(`${String(message).split('. ')[0]}. Known are ${flags(options)}.`)
  }
}

const flags = (options: Options) =>
  Object.keys(options)
    .map((name) => `--${name}`)
    .join(', ')

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
  // A chart is opened before anything is drafted.
  if (service.hook === 'patient-view') return { patient, orders: [], service }
  if (orders.length === 0) {
    throw new Misunderstood(`Which order is drafted for ${patient}? There are ${listOrders(root).join(', ')}`)
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

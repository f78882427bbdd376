/** Which patients and orders there are to try, each with a sentence. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pc from 'picocolors'
import { listOrders, listPatients, loadOrder } from './fixtures.ts'
import { aligned } from './print/text.ts'

export function listing(root: string, command: string): string {
  const sentences = sentencesOf(root)
  const patients = listPatients(root).map((name) => [pc.bold(name), sentences.get(name) ?? ''])
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

/** They are written once, in the table of the fixtures' own page: `| \`name\` | sentence | what an MRI brings |`. */
function sentencesOf(root: string): ReadonlyMap<string, string> {
  const page = join(root, 'fhir-fixtures/README.md')
  const text = existsSync(page) ? readFileSync(page, 'utf8') : ''
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|$/gm)]
  return new Map(
    rows.map(([, name = '', sentence = '', brings = '']) => [
      name,
      `${sentence.trim()} ${pc.dim(`(MRI: ${brings.trim()})`)}`,
    ]),
  )
}

function describe(root: string, name: string): string {
  const order = loadOrder(root, name)
  if (order.resourceType === 'ServiceRequest')
    return [order.code?.text, order.priority].filter(Boolean).join(', ')
  return order.resourceType === 'MedicationRequest' ? (order.medicationCodeableConcept?.text ?? '') : ''
}

/** Which patients and orders there are to try, each with a sentence. */
import pc from 'picocolors'
import {
  listOrders,
  listPatients,
  loadOrder,
  readSituations,
  type Situation,
} from '../../fhir-fixtures/load.ts'
import { aligned } from './print/text.ts'

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

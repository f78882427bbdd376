/** Who and what a call is about. */
import type { Patient } from 'fhir/r4.js'
import pc from 'picocolors'
import type { Asked } from '../asked.ts'

export function caseLine({ patient, orders, service }: Asked, today: string): string {
  return `${pc.bold([patient, ...orders].join(' · '))} ${pc.dim(`${service.hook}, ${today}`)}`
}

export function personLine({ name, gender, birthDate }: Patient): string {
  const [first] = name ?? []
  const called = [...(first?.given ?? []), first?.family].filter(Boolean).join(' ')
  return pc.dim([called, gender, birthDate && `born ${birthDate}`].filter(Boolean).join(', '))
}

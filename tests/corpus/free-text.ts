/** Every reason, problem, note and service that the collected records name in words, each once, by what it is. */
import { createHash } from 'node:crypto'
import { listSources, readCorpusFile } from './corpus.ts'

/** What an order or a problem says, or what was done for the patient. */
export type Kind = 'order or problem' | 'service'

export interface Saying {
  /** Stands for the text itself, which is not ours to copy. */
  id: string
  text: string
  kinds: ReadonlySet<Kind>
}

type Json = Record<string, unknown>

export function sayings(folder: string): Saying[] {
  const found = new Map<string, Set<Kind>>()
  const add = (kind: Kind, text: unknown) => {
    if (typeof text !== 'string' || text.trim() === '') return
    found.set(text, (found.get(text) ?? new Set()).add(kind))
  }
  for (const { files } of listSources(folder)) {
    for (const path of files) for (const value of readCorpusFile(folder, path).values) walk(value, add)
  }
  return [...found].map(([text, kinds]) => ({ id: idOf(text), text, kinds }))
}

const idOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 10)

type Add = (kind: Kind, text: unknown) => void

function walk(value: unknown, add: Add): void {
  if (Array.isArray(value)) for (const each of value) walk(each, add)
  if (!isObject(value)) return
  if (typeof value.resourceType === 'string') read(value, add)
  for (const each of Object.values(value)) walk(each, add)
}

const services = new Set(['Procedure', 'ServiceRequest'])

function read(resource: Json, add: Add): void {
  const said = [
    ...wordsOf(resource.reasonCode),
    ...list(resource.reasonReference).map(({ display }) => display),
    ...list(resource.note).map(({ text }) => text),
    ...(resource.resourceType === 'Condition' ? wordsOf(resource.code) : []),
  ]
  for (const text of said) add('order or problem', text)
  if (services.has(String(resource.resourceType)))
    for (const text of wordsOf(resource.code)) add('service', text)
}

const wordsOf = (concept: unknown) =>
  list(concept).flatMap(({ text, coding }) => [text, ...list(coding).map(({ display }) => display)])

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const list = (value: unknown): Json[] => (Array.isArray(value) ? value : [value]).filter(isObject)

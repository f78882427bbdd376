/** Invented charts in the shapes of public bug reports, each with the answer that is right. They are not part of Lumbar. */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { addDays } from '../language/when.ts'

const root = join(import.meta.dirname, '../..')

/** What an answer must be: HTTP status (0: any), topic codes wanted, unwanted, one of which is wanted, and text to avoid. */
interface Expected {
  status?: number
  want?: readonly string[]
  not?: readonly string[]
  any?: readonly string[]
  none?: boolean
  noText?: string
}

export interface ChartCase {
  id: string
  title: string
  hook: string
  expect: Expected
  /** As posted, on this day. */
  body(today: string): string
}

interface Cases {
  /** Undefined where there is no folder of them. */
  cases: readonly ChartCase[] | undefined
  place: string
  /** They should be here: a machine that has the folder around them, in CI. */
  expected: boolean
}

export function findCases(env: NodeJS.ProcessEnv = process.env): Cases {
  const place = env.LUMBAR_CASES || join(root, '../shared/cases')
  const file = join(place, 'charts.json')
  const expected = env.CI === 'true' && (Boolean(env.LUMBAR_CASES) || existsSync(dirname(place)))
  return { cases: existsSync(file) ? readCases(file) : undefined, place, expected }
}

function readCases(file: string): ChartCase[] {
  const written = JSON.parse(readFileSync(file, 'utf8')) as (Omit<ChartCase, 'body'> & { request: object })[]
  return written.map(({ id, title, hook, expect, request }) => ({
    id,
    title,
    hook,
    expect,
    body: (today) => onDay(JSON.stringify({ ...request, hookInstance: randomUUID() }), today),
  }))
}

/** `{T}` is today, `{T-9}` nine days before. */
const onDay = (body: string, today: string) =>
  body.replace(/\{T([+-]\d+)?\}/g, (_, days: string | undefined) => addDays(today, Number(days ?? 0)))

interface Said {
  summary: string
  detail?: string
  source: { topic: { code: string } }
}

/** What is wrong with an answer; nothing when it is right. */
export function mistakesIn(expect: Expected, status: number, cards: readonly Said[]): string[] {
  const topics = cards.map(({ source }) => source.topic.code)
  const wrong = expect.status !== 0 && status !== (expect.status ?? 200) ? [`status ${status}`] : []
  const { want = [], not = [], any = [], none = false, noText } = expect
  const texts = JSON.stringify(cards.map(({ summary, detail }) => [summary, detail]))
  return [
    ...wrong,
    ...want.filter((topic) => !topics.includes(topic)).map((topic) => `lacks ${topic}`),
    ...not.filter((topic) => topics.includes(topic)).map((topic) => `says ${topic}`),
    ...(any.length > 0 && !any.some((topic) => topics.includes(topic)) ? [`none of ${any.join(', ')}`] : []),
    ...(none && cards.length > 0 ? ['a card'] : []),
    ...(noText !== undefined && new RegExp(noText).test(texts) ? [`says "${noText}"`] : []),
  ].map((mistake) => `${mistake} (answered: ${topics.join(' ') || 'no card'})`)
}

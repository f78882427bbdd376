/** What was seen of each requirement. The worst that was seen is its verdict. */
import type { Exchange } from './http.ts'
import { type Requirement, type RequirementId, requirements } from './requirements.ts'

/** Says of one answer whether a requirement is met. */
export type Judge = (id: RequirementId, isMet: boolean, says: string) => void

export const verdicts = ['fail', 'pass', 'cannot tell'] as const
export type Verdict = (typeof verdicts)[number]

export interface Finding {
  verdict: Verdict
  /** What was seen, in words. */
  says: string
  exchange: Excerpt | undefined
}

/** Of an exchange what is shown of it: bodies may be long, and there are many. */
export interface Excerpt {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body: Part
  received: { status: number; headers: Readonly<Record<string, string>>; body: Part } | undefined
  problem: string | undefined
  ms: number
}

/** How a body begins, and how long it is. */
export interface Part {
  text: string
  bytes: number
}

const mostText = 600
const mostSaid = 400

const inShort = (says: string) => (says.length > mostSaid ? `${says.slice(0, mostSaid)}…` : says)

const partOf = (text: string): Part => ({
  // Copied: a slice would keep the whole of what it was cut from.
  text: Buffer.from(text.slice(0, mostText)).toString(),
  bytes: Buffer.byteLength(text),
})

const known = new WeakMap<Exchange, Excerpt>()

function excerptOf(exchange: Exchange): Excerpt {
  const { sent, received, problem, ms } = exchange
  const excerpt = known.get(exchange) ?? {
    ...{ method: sent.method, url: sent.url, headers: sent.headers, body: partOf(sent.body) },
    received: received && {
      status: received.status,
      headers: received.headers,
      body: partOf(received.text),
    },
    ...{ problem, ms },
  }
  known.set(exchange, excerpt)
  return excerpt
}

export interface Row extends Requirement {
  id: RequirementId
  verdict: Verdict
  /** The first of those that gave the verdict; none where nothing came up that shows it. */
  findings: readonly Finding[]
  /** Of how many. */
  seen: number
}

/** Kept of each requirement and verdict: an answer may hold a million cards with the same mistake. */
const mostKept = 50

interface Kept {
  findings: Finding[]
  seen: number
}

export class Findings {
  readonly #found = new Map<string, Kept>()

  judge(id: RequirementId, isMet: boolean, says: string, exchange?: Exchange): void {
    // What is asked of a service that is gone shows nothing; that it went does.
    const isGone = id !== 'DISC-1' && /ECONNREFUSED|^not asked/.test(exchange?.problem ?? '')
    this.#add(id, isGone ? 'cannot tell' : isMet ? 'pass' : 'fail', says, exchange)
  }

  cannotTell(id: RequirementId, says: string, exchange?: Exchange): void {
    this.#add(id, 'cannot tell', says, exchange)
  }

  #add(id: RequirementId, verdict: Verdict, says: string, exchange: Exchange | undefined): void {
    const name = `${id} ${verdict}`
    const kept = this.#found.get(name) ?? { findings: [], seen: 0 }
    kept.seen += 1
    if (kept.findings.length < mostKept)
      kept.findings.push({ verdict, says: inShort(says), exchange: exchange && excerptOf(exchange) })
    this.#found.set(name, kept)
  }

  /** Every requirement has its row, also those of which nothing was seen. */
  rows(): Row[] {
    return (Object.keys(requirements) as RequirementId[]).map((id) => {
      const verdict = verdicts.find((each) => this.#found.has(`${id} ${each}`)) ?? 'cannot tell'
      const { findings, seen } = this.#found.get(`${id} ${verdict}`) ?? { findings: [], seen: 0 }
      return { id, ...requirements[id], verdict, findings, seen }
    })
  }
}

/** What makes the command fail. */
export const brokenMusts = (rows: readonly Row[]) =>
  rows.filter(({ level, verdict }) => level === 'MUST' && verdict === 'fail')

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
  exchange: Exchange | undefined
}

export interface Row extends Requirement {
  id: RequirementId
  verdict: Verdict
  /** Those that gave the verdict; none where nothing came up that shows it. */
  findings: readonly Finding[]
}

export class Findings {
  readonly #found = new Map<RequirementId, Finding[]>()

  judge(id: RequirementId, isMet: boolean, says: string, exchange?: Exchange): void {
    // What is asked of a service that is gone shows nothing; that it went does.
    const isGone = id !== 'DISC-1' && exchange?.problem?.includes('ECONNREFUSED') === true
    this.#add(id, { verdict: isGone ? 'cannot tell' : isMet ? 'pass' : 'fail', says, exchange })
  }

  cannotTell(id: RequirementId, says: string, exchange?: Exchange): void {
    this.#add(id, { verdict: 'cannot tell', says, exchange })
  }

  #add(id: RequirementId, finding: Finding): void {
    const list = this.#found.get(id) ?? []
    list.push(finding)
    this.#found.set(id, list)
  }

  /** Every requirement has its row, also those of which nothing was seen. */
  rows(): Row[] {
    return (Object.keys(requirements) as RequirementId[]).map((id) => {
      const found = this.#found.get(id) ?? []
      const verdict = verdicts.find((each) => found.some((finding) => finding.verdict === each))
      return {
        id,
        ...requirements[id],
        verdict: verdict ?? 'cannot tell',
        findings: verdict ? found.filter((finding) => finding.verdict === verdict) : [],
      }
    })
  }
}

/** What makes the command fail. */
export const brokenMusts = (rows: readonly Row[]) =>
  rows.filter(({ level, verdict }) => level === 'MUST' && verdict === 'fail')

/** Reads all pages of one query, and says what they came to. */
import { open } from '../prefetch.ts'
import type { Read } from '../reading.ts'
import type { PrefetchState } from '../record.ts'
import { isObject, resourceOf } from '../wire.ts'
import { type Interaction, NotRead, stateOf, type WhyNotRead } from './reasons.ts'

/** What became of one key, and for the log why it is not whole. */
export interface Outcome extends Read {
  reason?: WhyNotRead
}

export interface Paging {
  /** The resource type that was asked for. */
  type: string
  interaction: Interaction
  /** The body behind a URL. Rejects with a NotRead. */
  read: (url: URL) => Promise<unknown>
  /** Where a link of the server leads; undefined when it leads elsewhere. */
  follow: (link: string, from: URL) => URL | undefined
  pageCap: number
}

/** Never throws. What came before a failure is kept: it can warn, but it clears nothing. */
export async function readPages(first: URL, paging: Paging): Promise<Outcome> {
  const entries: unknown[] = []
  try {
    let url: URL | undefined = first
    for (let page = 1; url; page += 1) {
      if (page > paging.pageCap) throw new NotRead('page-cap')
      const next = addPage(await paging.read(url), paging, entries)
      url = next === undefined ? undefined : elsewhereRefused(paging.follow(next, url))
    }
  } catch (error) {
    return brokenOff(entries, error instanceof NotRead ? error.reason : 'unexpected', paging.interaction)
  }
  return { state: entries.length > 0 ? 'given' : 'empty', entries }
}

export function brokenOff(
  entries: readonly unknown[],
  reason: WhyNotRead,
  interaction: Interaction = 'search',
): Outcome {
  return { state: entries.length > 0 ? 'truncated' : stateOf(reason, interaction), entries, reason }
}

/** Why an outcome came instead of data, by the state that it comes to. */
const outcomes: Readonly<Partial<Record<PrefetchState, WhyNotRead>>> = {
  failed: 'outcome',
  unsupported: 'outcome-unsupported',
  gone: 'outcome-gone',
  forbidden: 'outcome-forbidden',
}

/** Answers where the list goes on. */
function addPage(body: unknown, { type, interaction }: Paging, entries: unknown[]): string | undefined {
  const page = open(body, { isRead: interaction === 'read', pageSize: undefined })
  const reason = outcomes[page.state]
  if (reason) throw new NotRead(reason)
  const isBundle = isObject(body) && body.resourceType === 'Bundle'
  if (page.state === 'unusable' || isBundle !== (interaction === 'search')) throw new NotRead('not-fhir')
  if (answersAnother(page.entries, type)) throw new NotRead('not-fhir')
  for (const entry of page.entries) entries.push(entry)
  if (page.state === 'truncated' && page.next === undefined) throw new NotRead('incomplete')
  return page.next
}

/** Remarks may come alone, and further resources beside those asked for; others instead of them answer nothing. */
function answersAnother(entries: readonly unknown[], type: string): boolean {
  const types = entries.map((entry) => resourceOf(entry)?.resourceType)
  const others = types.filter((each) => each !== undefined && each !== 'OperationOutcome')
  return others.length > 0 && !others.some((each) => each === type)
}

function elsewhereRefused(url: URL | undefined): URL {
  if (!url) throw new NotRead('next-elsewhere')
  return url
}

/** Reads the body of feedback: what clinicians did with cards (FB-2). Entries that cannot be read do not spoil the others. */
import { longest } from '../bounds.ts'
import { LumbarError } from '../errors.ts'

/** One entry of the list `feedback`, as far as it is kept. */
export interface Feedback {
  /** The card's uuid. */
  card: string
  outcome: 'accepted' | 'overridden'
  /** Uuids of suggestions. */
  suggestions: readonly string[]
  reason?: { system: string | null; code: string } | undefined
  /** Free text, which is kept sealed and never logged (FB-10). */
  comment?: string | undefined
  /** In ms since 1970, by the client's clock. */
  at: number
}

interface FeedbackRead {
  items: readonly Feedback[]
  /** Entries that could not be read. */
  unread: number
}

/** Entries of one request; suggestions of one entry; characters of a comment, what is more is cut. */
export const most = { items: 1000, suggestions: 50, comment: 4000 }

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Throws `invalid-request` for what is no list of feedback, and where no entry at all can be read; the message names
 * what to send, never what came. An empty list is nothing to tell.
 */
export function parseFeedback(body: unknown): FeedbackRead {
  const list = isObject(body) ? body.feedback : undefined
  if (!Array.isArray(list))
    throw new LumbarError('invalid-request', 'Send a JSON object with `feedback`: a list of entries.', [
      'feedback',
    ])
  if (list.length > most.items)
    throw new LumbarError('invalid-request', `Send at most ${most.items} entries of feedback at once.`, [
      'feedback',
    ])
  const wrong: string[] = []
  const items = list.flatMap((entry: unknown, at): Feedback[] => {
    const read = readEntry(entry)
    if (typeof read !== 'string') return [read]
    wrong.push(`feedback[${at}]${read && `.${read}`}`)
    return []
  })
  const [first] = wrong
  if (items.length === 0 && first !== undefined) {
    const field = first.replace(/^[^.]*\.?/, '')
    throw new LumbarError('invalid-request', remedies[field] ?? remedies[''] ?? '', wrong.slice(0, 50))
  }
  return { items, unread: wrong.length }
}

const remedies: Readonly<Record<string, string>> = {
  '': 'Send each entry of `feedback` as an object with card, outcome and outcomeTimestamp.',
  card: 'Send `card`: the uuid of the card.',
  outcome: 'Send `outcome`: accepted or overridden.',
  acceptedSuggestions:
    'Send `acceptedSuggestions` with what was accepted: a list of objects with the id of a suggestion.',
  outcomeTimestamp: 'Send `outcomeTimestamp`: a date and time such as 2026-11-21T10:32:00Z.',
}

/** The entry, or the field that keeps it from being read. */
function readEntry(entry: unknown): Feedback | string {
  if (!isObject(entry)) return ''
  const card = textIn(entry.card, longest.name)
  if (card === undefined) return 'card'
  const { outcome } = entry
  if (outcome !== 'accepted' && outcome !== 'overridden') return 'outcome'
  const suggestions = suggestionsIn(entry.acceptedSuggestions)
  if (outcome === 'accepted' && suggestions === undefined) return 'acceptedSuggestions'
  const at = timeIn(entry.outcomeTimestamp)
  if (at === undefined) return 'outcomeTimestamp'
  return {
    card,
    outcome,
    suggestions: outcome === 'accepted' ? (suggestions ?? []) : [],
    ...(outcome === 'overridden' ? reasonIn(entry.overrideReason) : {}),
    at,
  }
}

/** An attribute without content is as good as absent (GEN-2). */
function textIn(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string' || value.length > longest) return undefined
  const text = value.trim()
  return text === '' ? undefined : text
}

/** Undefined for what is no list. An entry without an id names nothing (FB-7). */
function suggestionsIn(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const ids = value.slice(0, most.suggestions).flatMap((each: unknown) => {
    const id = isObject(each) ? textIn(each.id, longest.name) : undefined
    return id ?? []
  })
  return [...new Set(ids)]
}

/** RFC 3339, which a date of JavaScript reads and more besides. */
function timeIn(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value)) return undefined
  const at = Date.parse(value.replace(' ', 'T').toUpperCase())
  return Number.isNaN(at) ? undefined : at
}

/** A code that is none, with blanks or without end, may be anybody's words: it goes with the comment. */
function reasonIn(value: unknown): Pick<Feedback, 'reason' | 'comment'> {
  // Without a reason is normal (FB-4).
  if (!isObject(value)) return {}
  const coding = isObject(value.reason) ? value.reason : {}
  const said = textIn(coding.code, longest.url)
  const system = textIn(coding.system, longest.url)
  const isCode = said !== undefined && /^[\w.:/-]{1,64}$/.test(said)
  const comment = [isCode ? undefined : said, cut(value.userComment)].filter(Boolean).join(' ')
  return {
    ...(isCode
      ? {
          reason: {
            code: said,
            system: system !== undefined && /^[!-~]{1,200}$/.test(system) ? system : null,
          },
        }
      : {}),
    ...(comment === '' ? {} : { comment }),
  }
}

const cut = (value: unknown) =>
  typeof value === 'string' ? value.slice(0, most.comment).trim().toWellFormed() : undefined

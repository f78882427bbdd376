/**
 * Evaluations that cards rest on, kept for the site's hours so that the page behind a card's link can show that very one.
 * The id is what the link carries: nobody can guess it, and it opens only for the patient whom it is about.
 */
import { z } from 'zod'
import type { JudgedCase } from '../../judge-kept.ts'
import type { Known } from '../../pathway/known.ts'
import { subjects } from '../../pathway/schema.ts'
import type { Store } from '../../store/store.ts'

const evidence = z.object({
  reference: z.string(),
  what: z.string(),
  date: z.string().optional(),
  how: z.string(),
  amount: z.number().optional(),
  short: z.string().optional(),
})
/** JSON knows no infinity: a span without an end has none. */
const range = z
  .object({ low: z.number(), high: z.number().nullable() })
  .transform(({ low, high }) => ({ low, high: high ?? Number.POSITIVE_INFINITY }))
const said = z.object({
  value: z.union([z.boolean(), z.string(), range]).optional(),
  evidence: z.array(evidence),
  gaps: z.array(z.string()),
  provided: z
    .object({
      value: z.union([z.boolean(), z.string(), range]),
      that: z.array(
        z.object({
          fact: z.string(),
          lists: z.array(z.object({ type: z.string(), from: z.string().optional() })),
        }),
      ),
    })
    .optional(),
})
const known = said.extend({ recorded: said.optional() })

const evaluation = z.object({
  about: z.object({ fhirServer: z.string(), patientId: z.string(), encounterId: z.string().optional() }),
  at: z.iso.datetime(),
  version: z.string(),
  cases: z.array(
    z.object({
      kind: z.enum(subjects),
      name: z.string(),
      facts: z.array(z.tuple([z.string(), known])),
      /** Facts that are not so, with nothing to show for it. */
      no: z.array(z.string()),
    }),
  ),
  cards: z.array(
    z.object({
      rule: z.string(),
      lines: z.array(z.string()),
      orders: z.array(z.number()),
      summary: z.string(),
      detail: z.string(),
      indicator: z.enum(['info', 'warning', 'critical']),
    }),
  ),
})

type Stored = z.infer<typeof evaluation>
export interface KeptEvaluation extends Omit<Stored, 'cases'> {
  cases: readonly JudgedCase[]
}

export interface EvaluationBook {
  keep(id: string, evaluation: KeptEvaluation): Promise<void>
  /** Undefined for one that never was, or is no longer kept. */
  find(id: string): Promise<KeptEvaluation | undefined>
}

/** Evidence kept for one fact, and characters of one piece of it: what others write has no end. */
const most = { evidence: 12, characters: 200 }

/** `now` in ms since 1970. */
export function evaluationBook(
  store: Pick<Store, 'put' | 'get'>,
  hours: number,
  now: () => number,
): EvaluationBook {
  return {
    keep: (id, kept) => store.put(id, JSON.stringify(written(kept)), now() + hours * 3_600_000),
    find: async (id) => {
      const text = await store.get(id)
      if (text === undefined) return undefined
      const { cases, ...rest } = evaluation.parse(JSON.parse(text))
      return { ...rest, cases: cases.map(read) }
    },
  }
}

const isPlainNo = ({ value, evidence, gaps, recorded }: Known) =>
  value === false && evidence.length === 0 && gaps.length === 0 && recorded === undefined

function written({ cases, ...rest }: KeptEvaluation) {
  return {
    ...rest,
    cases: cases.map(({ kind, name, facts }) => ({
      kind,
      name: name.slice(0, most.characters),
      facts: [...facts].filter(([, fact]) => !isPlainNo(fact)).map(([fact, known]) => [fact, cut(known)]),
      no: [...facts].filter(([, fact]) => isPlainNo(fact)).map(([fact]) => fact),
    })),
  }
}

function cut({ value, evidence, gaps, provided, recorded }: Known): object {
  return {
    value,
    evidence: evidence.slice(0, most.evidence).map((each) => ({
      ...each,
      what: each.what.slice(0, most.characters).toWellFormed(),
      ...(each.date === undefined ? {} : { date: each.date.slice(0, most.characters) }),
    })),
    gaps,
    ...(provided ? { provided } : {}),
    ...(recorded ? { recorded: cut(recorded) } : {}),
  }
}

function read({ kind, name, facts, no }: Stored['cases'][number]): JudgedCase {
  const plainNo: Known = { value: false, evidence: [], gaps: [] }
  return {
    kind,
    name,
    facts: new Map([...facts, ...no.map((fact): [string, Known] => [fact, plainNo])] as [string, Known][]),
  }
}

/** The handout below a launch, and the print view and PDF that its links open elsewhere. */
import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Patient } from 'fhir/r4.js'
import { z } from 'zod'
import type { HandedOut } from '../../checklist/book.ts'
import { aboutOf, authorOf } from '../../checklist/recording.ts'
import type { Evaluator } from '../../evaluate.ts'
import type { Route } from '../../http/places.ts'
import { html } from '../../pages/html.ts'
import type { Content } from '../../pathway/content.ts'
import { openLaunched } from '../../smart/call.ts'
import { SmartFailure } from '../../smart/failures.ts'
import { type Launch, orderKindIn, pageIn } from '../../smart/launch.ts'
import { failurePage, frame, nameOf, pageHeaders } from '../../smart/page.ts'
import type { LaunchPage } from '../../smart/routes.ts'
import type { Store } from '../../store/store.ts'
import { composeHandout, factsAsked } from '../compose.ts'
import { renderHandout, styleAddress } from '../html.ts'
import { type GivenTo, type Handout, libraryOf } from '../model.ts'
import { handoutPage, languagesOf, queryOf, script, scriptAddress, type Wish, wishIn } from './page.ts'
import { type Given, notePhrase, recordGiven, recordOutcomes } from './recording.ts'

// Links to a print view or a PDF that work in a window of their own: cookies of the EHR's frame do not reach it.
// Each is a secret that works once and for a few minutes, and opens one composed handout and nothing else of the
// launch.

/** How long a link works, in ms. */
const life = 600_000

const ticket = z.object({
  kind: z.enum(['print', 'pdf']),
  language: z.string(),
  sections: z.array(z.string()),
  unsaid: z.array(z.string()),
  payers: z.array(z.string()),
  givenTo: z.object({ name: z.string(), on: z.string() }).optional(),
})

type Ticket = z.infer<typeof ticket>

interface Links {
  /** The last part of the address. */
  issue(ticket: Ticket): Promise<string>
  /** Undefined for one that was used, is too old, or never was. */
  redeem(id: string): Promise<Ticket | undefined>
}

/** `now` in ms since 1970. */
export function printLinks(store: Store, now: () => number): Links {
  return {
    issue: async (issued) => {
      const id = randomBytes(24).toString('base64url')
      await store.put(keyOf(id), JSON.stringify(issued), now() + life)
      return id
    },
    redeem: async (id) => {
      const text = /^[\w-]{32}$/.test(id) ? await store.take(keyOf(id)) : undefined
      return text === undefined ? undefined : ticket.parse(JSON.parse(text))
    },
  }
}

const keyOf = (id: string) => `print ${id}`

export interface HandoutSetup {
  content: Content
  evaluator: Pick<Evaluator, 'open' | 'readsOf' | 'observationCodes'>
  links: Links
  handedOut: HandedOut
  now: () => Date
  /** As 2026-11-22, where the hospital is. */
  today: () => string
  /** Where the service stands below its host, without a slash at its end: empty, or `/lumbar`. */
  prefix: () => string
  /** Address of the app's style sheet as browsers see it. */
  style: () => string
  /** Undefined where there is none in the handout's language. */
  pdf: (handout: Handout, givenTo: GivenTo | undefined) => Promise<Uint8Array | undefined>
  /** Whether there is one in a language. */
  hasPdf: (language: string) => boolean
}

const pageType = 'text/html; charset=utf-8'

export function handoutPages(setup: HandoutSetup): readonly LaunchPage[] {
  const { content, links, handedOut, now, today, prefix, style } = setup
  const library = libraryOf(content)

  return [
    {
      method: 'GET',
      path: '',
      handler: async (launch, request, reply) => {
        const isFirst = Object.keys(request.query as object).length === 0
        const asked = pageIn(launch.appContext)
        if (isFirst && asked !== undefined && asked !== 'handout')
          return reply.redirect(`${launch.path}${asked}`, 303)
        const { patient, wish, composition, usual, payers } = await composeFor(setup, launch, request.query)
        const givenTo = wish.named ? { name: nameOf(patient), on: today() } : undefined
        const ticket = (kind: Ticket['kind']): Ticket => ({
          kind,
          language: wish.language,
          sections: [...composition.shown],
          unsaid: [...composition.unsaid],
          payers,
          ...(givenTo ? { givenTo } : {}),
        })
        const place = async (kind: Ticket['kind']) =>
          `${prefix()}/smart/print/${await links.issue(ticket(kind))}`
        const { saved } = request.query as { saved?: unknown }
        return reply.type(pageType).send(
          handoutPage({
            launch,
            patient,
            library,
            wish,
            composition,
            usual,
            givenTo,
            note: notePhrase(composition.handout, today()),
            links: {
              print: await place('print'),
              pdf: setup.hasPdf(wish.language) ? await place('pdf') : undefined,
            },
            saved: recordOutcomes.find((outcome) => outcome === saved),
            last: await handedOut.last(aboutOf(launch)),
            prefix: prefix(),
            style: style(),
          }),
        )
      },
    },
    {
      method: 'POST',
      path: 'save',
      handler: async (launch, request, reply) => {
        if (!content.recording) throw new SmartFailure('internal-error')
        const { patient, wish, composition } = await composeFor(setup, launch, request.query)
        const { handout, shown } = composition
        const at = now()
        const given: Given = {
          patientId: launch.patient,
          encounterId: launch.encounter,
          author: authorOf(launch),
          at: at.toISOString(),
          language: handout.language,
          title: handout.title,
          sections: shown,
          version: handout.version,
        }
        const givenTo = { name: nameOf(patient), on: today() }
        const outcome = await recordGiven(launch, content.recording, given, () =>
          attachment(setup, handout, givenTo),
        )
        await handedOut.note(aboutOf(launch), today())
        request.log.info({ outcome: 'handout-given', chart: outcome })
        return reply.redirect(`${launch.path}?${queryOf(wish)}&saved=${outcome}`, 303)
      },
    },
  ]
}

/** Outside of any launch: whoever holds a link opens what it stands for, once. */
export function handoutRoutes(setup: HandoutSetup): readonly Route[] {
  const { content, links, prefix, style } = setup
  const headers = pageHeaders([])
  return [
    {
      method: 'GET',
      url: scriptAddress,
      handler: (_request, reply) =>
        reply
          .header('cache-control', 'public, max-age=300')
          .type('text/javascript; charset=utf-8')
          .send(script),
    },
    {
      method: 'GET',
      url: '/smart/print/:ticket',
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const ticket = await links.redeem((request.params as { ticket: string }).ticket)
        reply.headers(headers)
        if (!ticket) return reply.code(410).type(pageType).send(failurePage('print-ended', style()))
        const { kind, language, sections, unsaid, payers, givenTo } = ticket
        // What was shown, letter by letter: facts no longer choose.
        const { handout } = composeHandout(content, new Map(), { language, chosen: sections, unsaid, payers })
        if (kind === 'print') return reply.type(pageType).send(printView(handout, givenTo, prefix()))
        const pdf = await setup.pdf(handout, givenTo)
        if (!pdf) return reply.code(410).type(pageType).send(failurePage('print-ended', style()))
        return reply
          .header('content-disposition', 'inline; filename="back-pain-handout.pdf"')
          .type('application/pdf')
          .send(Buffer.from(pdf))
      },
    },
  ]
}

/** What is printed: the handout and nothing around it. */
export function printView(handout: Handout, givenTo: GivenTo | undefined, prefix: string): string {
  return frame(
    handout.title,
    html`<main>${renderHandout(handout, givenTo)}</main><script src="${prefix}${scriptAddress}" defer data-prints></script>`,
    `${prefix}${styleAddress}`,
    [],
    handout.language,
  )
}

async function composeFor(setup: HandoutSetup, launch: Launch, sent: unknown) {
  const { content, evaluator } = setup
  const library = libraryOf(content)
  const wanted = factsAsked(content)
  const patientKey = content.queries.Patient?.key ?? 'patient'
  const types = new Set(['Patient', 'Coverage', ...evaluator.readsOf(wanted)])
  const { opened, prefetch } = await openLaunched(
    launch,
    content,
    evaluator,
    { queries: content.queries, wanted: types, observationCodes: evaluator.observationCodes },
    orderKindIn(launch.appContext),
  )
  const patient = prefetch[patientKey] as Patient
  const wish: Wish = wishIn(sent, library, languagesOf(patient))
  const facts = opened.find(wanted, undefined)
  const payers = memberOf(content, opened.payers)
  const { language, chosen } = wish
  const usual = composeHandout(content, facts, { language, payers })
  const composition = chosen ? composeHandout(content, facts, { language, chosen, payers }) : usual
  return { patient, wish, composition, usual, payers }
}

/** Payers of the site's programmes that are among those of the patient. */
function memberOf({ site }: Content, payers: readonly string[]): string[] {
  const names = site.programmes.flatMap(({ payers: members }) => members ?? [])
  return names.filter((name) => payers.some((payer) => payer.includes(name.toLowerCase())))
}

/** The PDF, or the page itself where there is none in the language. */
async function attachment({ pdf }: HandoutSetup, handout: Handout, givenTo: GivenTo) {
  const bytes = await pdf(handout, givenTo)
  if (bytes) return { contentType: 'application/pdf', bytes }
  const { language, direction, title } = handout
  const page = html`<html lang="${language}" dir="${direction}"><head><meta charset="utf-8"><title>${title}</title></head><body>${renderHandout(handout, givenTo)}</body></html>`
  return { contentType: 'text/html', bytes: Buffer.from(`<!doctype html>${page.text}`) }
}

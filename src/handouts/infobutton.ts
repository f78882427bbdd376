/** `GET /infobutton`: our pages for EHRs that know neither CDS Hooks nor SMART, as HL7's URL-based implementation guide asks for them. Nothing about the patient is kept. */

import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { LumbarError } from '../errors.ts'
import { type Html, html, joined, raw } from '../pages/html.ts'
import type { PageRoute } from '../pages/page.ts'
import type { Content } from '../pathway/content.ts'
import { languageFor, libraryOf, say, textOf } from './model.ts'

// What an EHR asks with its infobutton: HL7 Context-Aware Knowledge Retrieval, URL-based implementation guide. EHRs
// send much more, the patient's age and sex among it; nothing else is read.

/** Kinds of answers, by what is asked for in `knowledgeResponseType`. */
const kinds = {
  'application/atom+xml': 'atom',
  'application/xml': 'atom',
  'text/xml': 'atom',
  'application/json': 'json',
  'text/html': 'html',
} as const

const names = {
  code: 'mainSearchCriteria.v.c',
  system: 'mainSearchCriteria.v.cs',
  display: 'mainSearchCriteria.v.dn',
  language: 'informationRecipient.languageCode.c',
  type: 'knowledgeResponseType',
} as const

interface Question {
  code: string
  /** An OID, a URI or a name of a code system. */
  system: string
  display: string
  language: string | undefined
  kind: (typeof kinds)[keyof typeof kinds]
}

const asked = z.object({
  [names.code]: z.string().regex(/^[\w.-]{1,64}$/, 'must be a code such as M54.50'),
  [names.system]: z
    .string()
    .regex(/^[\w.:/-]{1,128}$/, 'must be a code system such as 2.16.840.1.113883.6.90'),
  [names.display]: z.string().max(500, 'must have at most 500 characters').default(''),
  [names.language]: z
    .string()
    .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'must be a language such as es')
    .optional(),
  [names.type]: z
    .string()
    .transform((type) => type.replace(/ /g, '+').replace(/;.*$/s, '').trim().toLowerCase())
    .pipe(
      z.enum(Object.keys(kinds) as (keyof typeof kinds)[], `must be one of ${Object.keys(kinds).join(', ')}`),
    )
    .default('application/atom+xml'),
})

/** @throws LumbarError `invalid-request` that names each parameter to be mended */
function readQuestion(query: unknown): Question {
  const { success, data, error } = asked.safeParse(query)
  if (success) {
    return {
      code: data[names.code],
      system: data[names.system],
      display: data[names.display],
      language: data[names.language],
      kind: kinds[data[names.type]],
    }
  }
  const told = error.issues.map(({ path, code, message }) => {
    const name = String(path[0])
    const sent = typeof query === 'object' && query !== null && Object.hasOwn(query, name)
    if (!sent) return { name, message: 'is missing' }
    return { name, message: code === 'invalid_type' ? 'must be given once, as text' : message }
  })
  throw new LumbarError(
    'invalid-request',
    told.map(({ name, message }) => `${name} ${message}`).join('; '),
    told.map(({ name }) => name),
  )
}

// The pages that answer an infobutton, as an Atom feed or as the same feed in JSON.

interface Entry {
  language: string
  title: string
  about: string
  /** As 2026-11-22. */
  written: string
  href: string
  pdf: string | undefined
}

interface Feed {
  language: string
  title: string
  base: string
  updated: string
  question: Question
  entries: readonly Entry[]
}

/** No entries for a code that none of our pages is about. `base` is where the service stands, without a slash. */
function feedFor(content: Content, question: Question, base: string): Feed {
  const library = libraryOf(content)
  const language = languageFor(library, question.language === undefined ? [] : [question.language])
  const words = library.words[language]
  const keys = new Set(content.codes.lookup(question).map(({ key }) => key))
  const topics = library.infobutton.filter(({ codes }) =>
    Object.entries(codes).some(([set, groups]) => groups.some((group) => keys.has(`${set}/${group}`))),
  )
  const entries = [...new Set(topics.flatMap(({ show }) => show))].flatMap((id): Entry[] => {
    const found = textOf(library, language, id)
    if (!found) return []
    const href = `${base}/handouts/${found.language}/${id}`
    const { title, about, written } = found.text
    const pdf = library.languages[found.language]?.pdf ? `${href}.pdf` : undefined
    return [{ language: found.language, title, about, written, href, pdf }]
  })
  const days = Object.values(library.texts).flatMap((texts) =>
    Object.values(texts).map(({ written }) => written),
  )
  return {
    language,
    title: words ? say(words, 'all-pages') : '',
    base: `${base}/`,
    updated: days.sort().at(-1) ?? '',
    question,
    entries,
  }
}

const midnight = (day: string) => `${day}T00:00:00Z`

/** Nothing of what was asked but the code: it may hold more about a patient than a feed should. */
function selfOf({ base, question }: Feed): string {
  const search = new URLSearchParams({
    'mainSearchCriteria.v.c': question.code,
    'mainSearchCriteria.v.cs': question.system,
  })
  return `${base}infobutton?${search}`
}

const categoriesOf = ({ question: { code, system, display } }: Feed) =>
  [
    { scheme: 'mainSearchCriteria.v.c', term: code },
    { scheme: 'mainSearchCriteria.v.cs', term: system },
    { scheme: 'mainSearchCriteria.v.dn', term: printable(display) },
    { scheme: 'informationRecipient', term: 'PAT' },
  ] as const

/** XML has no way to say a control character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
const printable = (text: string) => text.replace(/[\u0000-\u001f\ufffe\uffff]|\p{Cs}/gu, ' ')

function asAtom(feed: Feed): string {
  const categories = categoriesOf(feed).map(
    ({ scheme, term }) => html`<category scheme="${scheme}" term="${term}"/>\n`,
  )
  return html`${raw('<?xml version="1.0" encoding="UTF-8"?>')}
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="${feed.base}" xml:lang="${feed.language}">
<title type="text">${feed.title}</title>
<id>${selfOf(feed)}</id>
<updated>${midnight(feed.updated)}</updated>
<author><name>Lumbar</name><uri>${feed.base}</uri></author>
${joined(categories)}${joined(feed.entries.map(atomEntry))}</feed>
`.text
}

function atomEntry({ language, title, about, written, href, pdf }: Entry): Html {
  return html`<entry xml:lang="${language}">
<title type="text">${title}</title>
<id>${href}</id>
<updated>${midnight(written)}</updated>
<link rel="alternate" type="text/html" hreflang="${language}" href="${href}"/>
${pdf !== undefined && html`<link rel="related" type="application/pdf" hreflang="${language}" href="${pdf}"/>\n`}<summary type="text">${about}</summary>
</entry>
`
}

/** The shape in which EHRs know it from MedlinePlus Connect. */
function asJson(feed: Feed): object {
  const text = (value: string) => ({ _value: value, type: 'text' })
  return {
    feed: {
      xsi: 'http://www.w3.org/2001/XMLSchema-instance',
      base: feed.base,
      lang: feed.language,
      title: text(feed.title),
      subtitle: text(`${feed.question.code} (${feed.question.system})`),
      author: { name: { _value: 'Lumbar' }, uri: { _value: feed.base } },
      updated: { _value: midnight(feed.updated) },
      category: categoriesOf(feed),
      id: { _value: selfOf(feed) },
      entry: feed.entries.map(({ language, title, about, written, href, pdf }) => ({
        lang: language,
        title: text(title),
        link: [
          { title, rel: 'alternate', type: 'html', hreflang: language, href },
          ...(pdf === undefined
            ? []
            : [{ title, rel: 'related', type: 'application/pdf', hreflang: language, href: pdf }]),
        ],
        id: { _value: href },
        updated: { _value: midnight(written) },
        summary: text(about),
      })),
    },
  }
}

// `GET /infobutton`: our pages for EHRs that know neither CDS Hooks nor SMART. Nothing about the patient is kept.

/** `publicUrl` is where patients reach the pages; where a site has not said so, where the EHR reached us. */
export function infobuttonRoute(content: Content, publicUrl: string | undefined): PageRoute {
  return {
    method: 'GET',
    url: '/infobutton',
    handler: (request: FastifyRequest, reply: FastifyReply) => {
      const question = readQuestion(request.query)
      const feed = feedFor(content, question, publicUrl ?? reachedAt(request))
      reply.header('cache-control', 'no-store')
      if (question.kind === 'json') return reply.type('application/json; charset=utf-8').send(asJson(feed))
      if (question.kind === 'atom')
        return reply.type('application/atom+xml; charset=utf-8').send(asAtom(feed))
      // A browser is shown the list; for a code that is not ours, the page that says so.
      const list = feed.entries.length > 0 ? feed.language : 'nothing-on-this'
      return reply.redirect(`/handouts/${list}`, 303)
    },
  }
}

/** The sender's own word for us, in an answer that only the sender gets; nothing where it is no host. */
function reachedAt({ protocol, host }: FastifyRequest): string {
  const address = `${protocol}://${host}`
  return URL.canParse(address) && new URL(address).origin === address ? address : ''
}

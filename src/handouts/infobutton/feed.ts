/** The pages that answer an infobutton, as an Atom feed or as the same feed in JSON. */

import { type Html, html, joined, raw } from '../../pages/html.ts'
import type { Content } from '../../pathway/content.ts'
import { languageFor, say } from '../languages.ts'
import { libraryOf, textOf } from '../model.ts'
import type { Question } from './question.ts'

interface Entry {
  language: string
  title: string
  about: string
  /** As 2026-11-22. */
  written: string
  href: string
  pdf: string | undefined
}

export interface Feed {
  language: string
  title: string
  base: string
  updated: string
  question: Question
  entries: readonly Entry[]
}

/** No entries for a code that none of our pages is about. `base` is where the service stands, without a slash. */
export function feedFor(content: Content, question: Question, base: string): Feed {
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

export function asAtom(feed: Feed): string {
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
export function asJson(feed: Feed): object {
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

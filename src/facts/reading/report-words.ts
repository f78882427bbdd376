/**
 * What a report says in words, wherever they came: as its conclusion, as an attached text or page, or as the text of the
 * entry itself. Of a whole report the part is read that concludes: what stands before is why it was asked for, and how.
 */
import type { UnreadForm } from '../../pathway/known.ts'
import type { ReportHeadings } from '../../pathway/schema.ts'
import { type Element, element, elements, text } from '../wire.ts'

/** Characters of an attachment as it is sent, in base64: more is not read. */
const longest = 40_000

/**
 * What of a report is there and cannot be read here: a PDF, a page behind a link, words in a form or of a length that are
 * not read. Undefined where its words were read, or where nothing came to be read. "See attached" says nothing, and what a
 * server makes of the other elements says nothing more than those.
 */
export function unreadFormOf(report: Element, isEmpty: (words: string) => boolean): UnreadForm | undefined {
  const conclusion = text(report.conclusion) ?? ''
  const narrative = element(report.text)
  const isMade = text(narrative?.status) === 'generated'
  const told = [conclusion, isMade ? '' : withoutTags(text(narrative?.div) ?? '')]
  if (told.some((words) => words.trim() !== '' && !isEmpty(words))) return undefined
  const forms = elements(report.presentedForm)
  if (forms.some((form) => wordsOfForm(form)?.trim())) return undefined
  return forms.flatMap((form) => unreadForm(form) ?? [])[0]
}

function unreadForm(form: Element): UnreadForm | undefined {
  const type = (text(form.contentType) ?? '').toLowerCase()
  const data = text(form.data)
  if (data === undefined) return text(form.url) === undefined ? undefined : 'link'
  if (type.includes('pdf')) return 'pdf'
  if (type.includes('rtf')) return 'rtf'
  return data.length > longest ? 'too-long' : 'other'
}

/** Undefined where no words came that can be read. */
export function wordsOfReport(report: Element, headings: ReportHeadings): string | undefined {
  const conclusion = text(report.conclusion)
  if (conclusion?.trim()) return conclusion
  for (const form of elements(report.presentedForm)) {
    const words = wordsOfForm(form)
    if (words) return concluding(words, headings)
  }
  const words = text(element(report.text)?.div)
  return words === undefined ? undefined : concluding(withoutTags(words), headings)
}

function wordsOfForm(form: Element): string | undefined {
  const type = (text(form.contentType) ?? '').toLowerCase()
  const data = text(form.data)
  if (!type.startsWith('text/') || type.startsWith('text/rtf') || !data || data.length > longest)
    return undefined
  const words = Buffer.from(data, 'base64').toString('utf8')
  return type.startsWith('text/html') ? withoutTags(words) : words
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': ' ',
  '&quot;': '"',
  '&#39;': "'",
}

/** The words of a page; parts that stand below one another stay so. */
const withoutTags = (page: string) =>
  page
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6])\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(?:lt|gt|nbsp|quot|#39);/g, (entity) => entities[entity] ?? ' ')
    .replace(/&amp;/g, '&')

/** What stands below "IMPRESSION:"; without one all but the reason and the technique. */
function concluding(words: string, { concludes, before }: ReportHeadings): string {
  const lines = words.split('\n')
  const at = lines.findIndex((line) => concludes.includes(headingOf(line)))
  if (at < 0) return lines.filter((line) => !before.includes(headingOf(line))).join('\n')
  const first = lines[at] ?? ''
  const colon = first.indexOf(':')
  return [colon < 0 ? '' : first.slice(colon + 1), ...lines.slice(at + 1)].join('\n')
}

function headingOf(line: string): string {
  const colon = line.indexOf(':')
  const heading = (colon < 0 ? line : line.slice(0, colon)).trim().toLowerCase()
  return heading.length > 24 ? '' : heading
}

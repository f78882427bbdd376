/** Citations as links, and the table they lead to. */
import type { Content } from '../content/content.ts'
import type { Source } from '../content/schema.ts'
import { anchor, anchors, cell, link, page, table } from './markdown.ts'

export const sourceLinks = (ids: readonly string[]) =>
  ids.map((id) => link(id, `#${anchors.source(id)}`)).join(', ')

const statuses: Readonly<Record<Source['status'], string>> = {
  V: 'V: read, or a faithful excerpt of it',
  P: 'P: partly read',
  R: '**R: recalled, not re-read**',
}

export function sourcesSection({ sources }: Content): string {
  const rows = Object.entries(sources).map(([id, source]) => [
    `${anchor(anchors.source(id))}${id}`,
    source.key ?? '',
    cell(source.title),
    cell(source.year),
    statuses[source.status],
    addressOf(source),
  ])
  return page(
    '## Sources',
    'V: we read the text or a faithful excerpt. P: only part of it was readable. R: recalled and not re-read; to be checked before a clinician signs.',
    table(['Id', 'Key', 'Source', 'Year', 'Status', 'Address'], rows),
  ).trimEnd()
}

function addressOf({ url, 'url-recalled': recalled }: Source): string {
  if (!url) return ''
  return `<${url}>${recalled ? ' (recalled, not opened)' : ''}`
}

/** What analysts try before they go live, and what they tick off: `pathway/go-live.yaml` as the last pages of the sheet. */
import type { Content } from '../../pathway/content.ts'
import { bulletList, cell, table } from '../markdown.ts'
import { baseOf } from './access.ts'
import type { GoLive } from './script.ts'

export function testScript(content: Content, { 'test-script': steps }: GoLive): string[] {
  const base = baseOf({ content })
  const rows = steps.map(({ do: what, expect, cards }, at) => [
    String(at + 1),
    cell(what.replaceAll('{base}', base)),
    cell(expect),
    cards.flatMap((code) => restsOn(code, content)).join('; '),
  ])
  return [
    '## Test script',
    'With invented patients, in the test environment.',
    table(['step', 'do', 'expect', 'rests on'], rows),
  ]
}

/** "IM01: ACR Appropriateness Criteria, Low Back Pain (2021)" */
function restsOn(code: string, { rules, sources }: Content): string[] {
  const rule = rules.find((each) => each.code === code)
  if (!rule) return []
  const labels = rule.cites.flatMap((id) => sources[id]?.label ?? [])
  return [`${code}: ${cell(labels.join(', '))}`]
}

export function beforeGoingLive({ site }: Content, { 'before-going-live': list }: GoLive): string[] {
  const isSet = {
    callers: site.callers !== undefined,
    smart: site.smart !== undefined,
    'clinic-phone': site.handouts['clinic-phone'] !== undefined,
    directory: site.directory.length > 0,
  }
  const ticked = list.map(({ what, 'done-by': setting }) =>
    setting !== undefined && isSet[setting] ? `[x] ${what}` : `[ ] ${what}`,
  )
  return ['## Before going live', bulletList(ticked)]
}

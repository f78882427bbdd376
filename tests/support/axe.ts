/** What axe finds wrong on a page, in sentences that name the place. */
import type { AxeBuilder } from '@axe-core/playwright'

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

export async function findings(axe: AxeBuilder, without: readonly string[] = []): Promise<string[]> {
  const { violations } = await axe
    .options({
      resultTypes: ['violations'],
      runOnly: { type: 'tag', values: standards },
      rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    })
    .analyze()
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 5)
      .map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  )
}

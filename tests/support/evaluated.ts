/** Vignettes put through the whole service: what was found, what was decided, what is answered. */
import type { HookBody } from '../../fhir-fixtures/load.ts'
import type { Card } from '../../src/cards/render.ts'
import type { Explanation } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import type { Content } from '../../src/pathway/content.ts'
import { answersTo, loadVignettes, siteSettings, type Vignette } from '../language/vignette.ts'
import { toCall } from './call.ts'
import { openOn, realContent } from './evaluator.ts'

export const content = realContent()

export const vignettes: readonly Vignette[] = loadVignettes().flatMap((file) => file.vignettes)

export function vignetteOf(number: string): Vignette {
  const found = vignettes.find(({ vignette }) => vignette === number)
  if (!found) throw new Error(`There is no vignette ${number}`)
  return found
}

export const explain = (vignette: Vignette): Promise<Explanation> =>
  explainBody(toCall(vignette), vignette.today, withSite(vignette), vignette)

/** @param about what was answered before, where anything was */
export const explainBody = async (
  body: object,
  today: string,
  using: Content = content,
  about: Pick<Vignette, 'answered'> = { answered: {} },
): Promise<Explanation> => (await openOn(using, callOf(body)))(today, await answersTo(about))

/** What the service answers to a vignette. */
export const answerTo = async (vignette: Vignette): Promise<readonly Card[]> =>
  (await explain(vignette)).cards

function callOf(body: object) {
  const hook = 'hook' in body ? body.hook : undefined
  const service = services.find((each) => each.hook === hook)
  if (!service) throw new Error(`No service answers ${String(hook)}`)
  return parseCall(body, service)
}

/** The same chart, opened without an order. */
export function asOpenedChart({ context, hookInstance, prefetch }: HookBody): object {
  const { draftOrders, selections, ...opened } = context
  return { hook: 'patient-view', hookInstance, context: opened, prefetch }
}

const sites = new Map<string, Content>()

/** The same object for all that have set the same. */
export function withSite({ site }: Vignette): Content {
  if (!site) return content
  const settings = siteSettings(site)
  const key = JSON.stringify(settings)
  const using = sites.get(key) ?? { ...content, site: { ...content.site, ...settings } }
  sites.set(key, using)
  return using
}

/** What an answer says, apart from its words: rules, indicators, lines and offers. */
export const gist = (cards: readonly Card[]) =>
  cards.map(({ indicator, extension: { lumbar } }) => {
    const { rule, lines, suggestions } = lumbar
    return { rule, indicator, lines, suggestions }
  })

/** The body of a card: the order it is about, the advice, the case, and where it comes from. */
import type { Content } from '../content/content.ts'
import type { PlannedCard } from '../decide/compose.ts'
import { factsIn } from '../decide/conditions.ts'
import type { Decision } from '../decide/decide.ts'
import { markdownText } from './escape.ts'
import { compileStory, waitWeeksOf } from './story.ts'
import { fill, listOf } from './template.ts'

export type RenderDetail = (card: PlannedCard, decision: Decision, orderNames: readonly string[]) => string

/** Sources named on a card; the rest stand on the pathway's own page. */
const mostSources = 3

export function compileDetail(content: Content): RenderDetail {
  const { phrases } = content.phrases
  const tell = compileStory(content)
  const waitWeeks = waitWeeksOf(content)
  const where = compileWhere(content)
  const siteChoice = compileSiteChoice(content)

  return (card, decision, orderNames) => {
    const { headline } = card
    const story = tell(headline, decision)
    const body = fill(content.cards[headline.id]?.detail ?? '', {
      days: story.days,
      'wait-weeks': waitWeeks,
      found: story.found,
      unchecked: story.unchecked,
    })
    const lines = card.lines.flatMap((rule) => content.cards[rule.id]?.line ?? [])
    const sources = headline.cites.slice(0, mostSources).map((id) => content.sources[id]?.label ?? id)
    return paragraphs(
      aboutOrders(phrases.order, orderNames),
      body,
      story.onset,
      story.found,
      story.notFound,
      story.unchecked,
      story.didNotCome,
      story.answered,
      story.differs,
      bullets(phrases.lines, lines),
      where(card),
      siteChoice(headline),
      bullets(phrases['wrong-when'], headline['wrong-when']),
      fill(phrases.source, { list: sources.join('; '), strength: headline.strength }),
    )
  }
}

/** Where the referrals on a card go, as the site's directory has it. */
function compileWhere({ site, suggestions, phrases }: Content) {
  return (card: PlannedCard): string | undefined => {
    const drafted = new Set(
      card.suggestions.flatMap(
        ({ key }) =>
          suggestions.suggestions[key]?.actions.flatMap((action) =>
            'create' in action ? [action.create] : [],
          ) ?? [],
      ),
    )
    const places = site.directory
      .filter((each) => drafted.has(each.for))
      .map(({ name, phone }) => (phone ? `${name}, ${phone}` : name))
    return places.length > 0
      ? fill(phrases.phrases.where, { list: places.map(markdownText).join('; ') })
      : undefined
  }
}

/** Numbers behind a rule that the site has set itself. */
function compileSiteChoice({ parameters, facts, phrases }: Content) {
  return (headline: PlannedCard['headline']): string | undefined => {
    const asked = JSON.stringify([headline.when, ...factsIn(headline.when).map((fact) => facts[fact])])
    const chosen = Object.entries(parameters).flatMap(([name, { usually, meaning, value, unit }]) =>
      usually !== undefined && asked.includes(`"$${name}"`)
        ? [fill(phrases.phrases.chosen, { meaning, value, unit, usually })]
        : [],
    )
    return chosen.length > 0 ? fill(phrases.phrases['site-choice'], { list: chosen.join('; ') }) : undefined
  }
}

/** An opened chart is about no order. */
const aboutOrders = (phrase: string, names: readonly string[]) =>
  names.some((name) => name !== '') ? fill(phrase, { orders: listOf(names.map(markdownText)) }) : undefined

const paragraphs = (...parts: readonly (string | undefined)[]) =>
  parts.filter((part) => part !== undefined && part.trim() !== '').join('\n\n')

const bullets = (title: string, items: readonly string[]) =>
  items.length > 0 ? `${title}\n\n${items.map((item) => `- ${item}`).join('\n')}` : undefined

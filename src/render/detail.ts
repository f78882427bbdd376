/** The body of a card: the order it is about, the advice, the case, and where it comes from. */
import type { Content } from '../content/content.ts'
import type { PlannedCard } from '../decide/compose.ts'
import { factsIn } from '../decide/conditions.ts'
import type { Decision } from '../decide/decide.ts'
import { markdownText } from './escape.ts'
import { type Headline, oncePerHeadline } from './per-headline.ts'
import { compileStory, waitWeeksOf } from './story.ts'
import { compileTemplate, compileTemplates, listOf } from './template.ts'

export type RenderDetail = (card: PlannedCard, decision: Decision, orderNames: readonly string[]) => string

/** Sources named on a card; the rest stand on the pathway's own page. */
const mostSources = 3

export function compileDetail(content: Content): RenderDetail {
  const { phrases } = content.phrases
  const say = compileTemplates(phrases)
  const storyOf = compileStory(content)
  const waitWeeks = waitWeeksOf(content)
  const where = compileWhere(content)
  const notOffered = compileNotOffered(content)
  const fixed = oncePerHeadline((headline) => ({
    tell: storyOf(headline),
    body: compileTemplate(content.cards[headline.id]?.detail ?? ''),
    siteChoice: siteChoice(headline, content),
    wrongWhen: bullets(phrases['wrong-when'], headline['wrong-when']),
    source: say.source({
      list: headline.cites
        .slice(0, mostSources)
        .map((id) => content.sources[id]?.label ?? id)
        .join('; '),
      strength: headline.strength,
    }),
  }))

  return (card, decision, orderNames) => {
    const { tell, body, ...same } = fixed(card.headline)
    const story = tell(decision.facts)
    const { days, found, unchecked } = story
    const lines = card.lines.flatMap((rule) => content.cards[rule.id]?.line ?? [])
    return paragraphs(
      aboutOrders(orderNames),
      body({ days, 'wait-weeks': waitWeeks, found, unchecked }),
      story.onset,
      found,
      story.notFound,
      unchecked,
      story.didNotCome,
      story.answered,
      story.differs,
      bullets(phrases.lines, lines),
      notOffered(card),
      where(card),
      same.siteChoice,
      same.wrongWhen,
      same.source,
    )
  }

  /** An opened chart is about no order. */
  function aboutOrders(names: readonly string[]): string | undefined {
    return names.some((name) => name !== '')
      ? say.order({ orders: listOf(names.map(markdownText)) })
      : undefined
  }
}

/** What is not offered, because it is unsafe here or nobody can tell, and what to look at first. */
function compileNotOffered({ suggestions: { suggestions }, phrases }: Content) {
  const say = compileTemplates(phrases.phrases)
  const sentence = (name: 'not-safe' | 'check-first', list: readonly string[]) =>
    list.length > 0 ? say[name]({ list: list.join('; ') }) : undefined
  return ({ checks, unsafe }: PlannedCard): string | undefined =>
    paragraphs(
      sentence(
        'not-safe',
        unsafe.flatMap((key) => suggestions[key]?.unsafe ?? []),
      ),
      sentence(
        'check-first',
        checks.flatMap((key) => suggestions[key]?.check ?? []),
      ),
    )
}

/** Where the referrals on a card go, as the site's directory has it. */
function compileWhere({ site, suggestions, phrases }: Content) {
  const say = compileTemplate(phrases.phrases.where)
  return (card: PlannedCard): string | undefined => {
    if (site.directory.length === 0) return undefined
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
    return places.length > 0 ? say({ list: places.map(markdownText).join('; ') }) : undefined
  }
}

/** Numbers behind a rule that the site has set itself. */
function siteChoice(headline: Headline, { parameters, facts, phrases }: Content): string | undefined {
  const say = compileTemplates(phrases.phrases)
  const asked = JSON.stringify([headline.when, ...factsIn(headline.when).map((fact) => facts[fact])])
  const chosen = Object.entries(parameters).flatMap(([name, { usually, meaning, value, unit }]) =>
    usually !== undefined && asked.includes(`"$${name}"`)
      ? [say.chosen({ meaning, value, unit, usually })]
      : [],
  )
  return chosen.length > 0 ? say['site-choice']({ list: chosen.join('; ') }) : undefined
}

const paragraphs = (...parts: readonly (string | undefined)[]) =>
  parts.filter((part) => part !== undefined && part.trim() !== '').join('\n\n')

const bullets = (title: string, items: readonly string[]) =>
  items.length > 0 ? `${title}\n\n${items.map((item) => `- ${item}`).join('\n')}` : undefined

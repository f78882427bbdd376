/**
 * The body of a card, within the words that are read: what was found in this patient and what to do now, at most three
 * more lines, and how sure it is. What does not fit stands on the page that says why.
 */
import { Remembered } from '../bounds.ts'
import type { PlannedCard } from '../decide/compose.ts'
import type { Decision } from '../decide/decide.ts'
import type { Content } from '../pathway/content.ts'
import type { Facts } from '../pathway/known.ts'
import type { Indicator, Rule } from '../pathway/schema.ts'
import { compileChecked } from './checked.ts'
import { markdownText } from './escape.ts'
import { compileFindings, type Findings, isFinding } from './findings.ts'
import { oncePerHeadline } from './per-headline.ts'
import { compileTemplates, type Piece, pieceOf, readBody, said, type Written } from './sentences.ts'
import { countWords, firstWords, listWithin, sentencesOf } from './words.ts'

/** `told` holds what earlier cards of the same answer have said, and hears what this one says. */
type RenderDetail = (card: PlannedCard, decision: Decision, about: AboutOrders, told: Set<string>) => string

interface AboutOrders {
  /** As the orders of this card call themselves. */
  names: readonly string[]
  /** Another order of the same kind is drafted too, so that it is not clear by itself which one is meant. */
  isOneOfSeveral: boolean
  /** That not all drafted orders were looked at, where that is so. */
  notJudged?: string | undefined
}

/** Words of the whole detail, measured on what is read of an alert in eight seconds. */
const mostWords: Readonly<Record<Indicator, number>> = { critical: 50, warning: 70, info: 50 }
/** What was found, and what to do now. */
const mostLeadWords = 25
const mostBullets = 3
const mostRidingLines = 2
/** What a riding line, or a line of the card's own, may tell of this patient. */
const mostWordsFilled = 9
const mostWordsOfOrder = 5
/** What a condition may name of the things to make sure of, and of the lists that did not come whole. */
const mostWordsToMakeSure = 8
const mostListsNamed = 2

export function compileDetail(content: Content): RenderDetail {
  const { phrases } = content.phrases
  const say = compileTemplates(phrases)
  const findingsOf = compileFindings(content)
  const checkedFor = compileChecked(content)
  const waitWeeks = waitWeeksOf(content)
  const lineOf = onceEach(({ id }: Rule) => {
    const line = content.cards[id]?.line
    return line === undefined ? undefined : pieceOf(line)
  })
  const findingsFor = onceEach(findingsOf)
  const fixed = oncePerHeadline((headline) => ({
    body: withLead(readBody(content.cards[headline.id]?.detail ?? '')),
    tellChecked: checkedFor(headline),
  }))

  return (card, decision, { names, isOneOfSeveral, notJudged }, told) => {
    const { body, tellChecked } = fixed(card.headline)
    const { facts } = decision
    const order = nameOf(names)
    const findings = findingsFor(card.headline)(facts)
    const lead = leadOf(body.lead, findings, order, isOneOfSeveral)
    const { looked, strength } = tellChecked(facts)
    if (card.again !== undefined)
      return [lead || order, say['shown-before']({ at: card.again })].filter(Boolean).join('\n\n')
    const danger = makeSureOf(card) ?? dangerOf(card, facts) ?? notJudged
    // A danger takes the place of what was looked for, and so do what the advice rests on and what nobody looked at.
    const closing = fresh(danger === undefined ? `${looked} ${strength}` : strength, told)
    const bullets = fitting(candidates(card, body.bullets, facts, order, danger), {
      // A lead with others' words is taken at its longest, so that no long word pushes advice out of the card.
      words:
        mostWords[card.indicator] -
        (isForeign(body.lead) ? mostLeadWords : countWords(lead)) -
        countWords(closing),
      told,
    })
    return [fresh(lead, told) || order || lead, bullets.map((bullet) => `- ${bullet}`).join('\n'), closing]
      .filter(Boolean)
      .join('\n\n')
  }

  /** Every sentence that this patient's record can fill. Findings are cut to the room that the advice leaves. */
  function leadOf(
    pieces: readonly Piece[],
    findings: Findings,
    order: string | undefined,
    isOneOfSeveral: boolean,
  ): string {
    const own = pieces.reduce((sum, { words }) => sum + words, 0)
    const about = isOneOfSeveral && !pieces.some(({ needs }) => needs.includes('order')) ? order : undefined
    const told = (room: number): string => {
      let left = room
      const values: Record<string, string | undefined> = { order, 'wait-weeks': String(waitWeeks) }
      for (const name of new Set(pieces.flatMap(({ needs }) => needs))) {
        if (isFinding(name)) values[name] = findings[name](left)
        left = Math.max(left - countWords(values[name] ?? ''), 1)
      }
      const filled = pieces.flatMap((piece) => capital(said(piece, values) ?? '') || [])
      const lead = filled.length > 0 ? filled.join(' ') : `${findings.pain(room) ?? order ?? ''}.`
      return about ? say.about({ order: about, lead }) : lead
    }
    // What was found is cut to the room that is left, never what is to be done.
    let room = Math.max(mostLeadWords - own - countWords(about ?? ''), 1)
    let lead = told(room)
    while (countWords(lead) > mostLeadWords && room > 1) lead = told(--room)
    return firstWords(lead, mostLeadWords)
  }

  interface Candidate {
    text: string
    words: number
    isLine: boolean
  }

  /** In the order in which they are worth the reader's time. */
  function candidates(
    card: PlannedCard,
    bullets: readonly Piece[],
    facts: Facts,
    order: string | undefined,
    danger: string | undefined,
  ): Candidate[] {
    const told = new Set(fixed(card.headline).body.lead.flatMap(({ needs }) => needs))
    const ownFindings = findingsFor(card.headline)(facts)
    const mine = bullets.filter(({ asks }) => !asks || card.conditions.length === 0)
    const ownOf = (pieces: readonly Piece[]) =>
      pieces.flatMap((piece) => candidate(piece, ownFindings, order, false))
    const riding = card.lines.flatMap((rule) => {
      const piece = lineOf(rule)
      const isOfPatient = rule.role === 'line' && rule['of-this-patient']
      // What any patient could be told is on the page that says why.
      if (!piece || (piece.needs.length === 0 && !isOfPatient)) return []
      // The same number twice on one card is one too many.
      if (piece.needs.some((name) => numbers.has(name) && told.has(name))) return []
      for (const name of piece.needs) told.add(name)
      const [line] = candidate(piece, findingsFor(rule)(facts), order, true)
      return line
        ? [{ line, isUrgent: rule.role === 'headline' && rule.indicator !== 'info', isOfPatient }]
        : []
    })
    const urgent = riding.filter(({ isUrgent }) => isUrgent).map(({ line }) => line)
    const ofPatient = riding.filter(({ isOfPatient }) => isOfPatient).map(({ line }) => line)
    const others = riding
      .filter(({ isUrgent, isOfPatient }) => !isUrgent && !isOfPatient)
      .map(({ line }) => line)
    return [
      ...(danger === undefined ? [] : [ownWords(danger)]),
      ...ownOf(mine.slice(0, 1)),
      ...ownOf(mine.slice(1).filter(({ warns }) => warns)),
      ...urgent,
      ...checksOf(card),
      ...ofPatient,
      ...ownOf(mine.slice(1).filter(({ warns }) => !warns)),
      ...others,
    ]
  }

  /** What the advice rests on that the chart, as far back as it came, could not say. */
  function makeSureOf({ conditions }: PlannedCard): string | undefined {
    if (conditions.length === 0) return undefined
    const nouns = new Set(conditions.flatMap(({ fact }) => content.facts[fact]?.noun ?? []))
    const lists = conditions.flatMap((condition) =>
      condition.lists.map(({ type, from }) => {
        const records = content.phrases.records[type] ?? type
        return from === undefined
          ? say['came-not']({ records })
          : say['came-back-to']({ records, date: from })
      }),
    )
    return say['make-sure']({
      list: listWithin([...nouns], mostWordsToMakeSure, (list, left) => say['and-more']({ list, left })),
      came: [...new Set(lists)].slice(0, mostListsNamed).join('; '),
    })
  }

  /** What would fit and is unsafe here, with what was found against it. */
  function dangerOf({ unsafe }: PlannedCard, facts: Facts): string | undefined {
    const [danger] = unsafe.flatMap((key) => content.suggestions.suggestions[key] ?? [])
    if (danger?.unsafe === undefined) return undefined
    const found = danger['safe-when'] && findingsOf.within(danger['safe-when'], facts, mostWordsFilled)
    return say['not-safe']({ list: danger.unsafe.replace('{{found}}', () => found ?? '') })
  }

  /** What to look at before something is ordered that nobody can tell to be safe here. */
  function checksOf({ checks }: PlannedCard): Candidate[] {
    const [check] = checks.flatMap((key) => content.suggestions.suggestions[key]?.check ?? [])
    return check === undefined ? [] : [ownWords(say['check-first']({ list: check }))]
  }

  function candidate(
    piece: Piece,
    findings: Findings,
    order: string | undefined,
    isLine: boolean,
  ): Candidate[] {
    const values: Record<string, string | undefined> = { order, 'wait-weeks': String(waitWeeks) }
    for (const name of piece.needs) if (isFinding(name)) values[name] = findings[name](mostWordsFilled)
    const text = said(piece, values)
    const words = piece.words + piece.needs.length * mostWordsFilled
    return text === undefined ? [] : [{ text: capital(text), words, isLine }]
  }

  function fitting(
    all: readonly Candidate[],
    { words, told }: { words: number; told: Set<string> },
  ): string[] {
    let left = words
    let lines = 0
    const kept: Candidate[] = []
    for (const each of all) {
      if (kept.length === mostBullets || each.words > left) continue
      if (each.isLine && lines === mostRidingLines) continue
      const text = fresh(each.text, told)
      if (text === '') continue
      kept.push({ ...each, text })
      left -= each.words
      if (each.isLine) lines++
    }
    return [...kept.filter(({ isLine }) => !isLine), ...kept.filter(({ isLine }) => isLine)].map(
      ({ text }) => text,
    )
  }

  function nameOf(names: readonly string[]): string | undefined {
    const named = names
      .filter((name) => name !== '')
      .map((name) => firstWords(markdownText(name), mostWordsOfOrder))
    const more = (list: string, left: number) => say['and-more']({ list, left })
    return named.length > 0 ? listWithin(named, 2 * mostWordsOfOrder, more) : undefined
  }
}

const ownWords = (text: string) => ({ text, words: countWords(text), isLine: false })

const numbers = new Set(['mme', 'supply', 'pain', 'order'])

/** Whether somebody else's words may stand in it. */
const isForeign = (pieces: readonly Piece[]) =>
  pieces.some(({ needs }) => needs.some((name) => ['found', 'mme', 'order'].includes(name)))

/** A card that begins with its lines is led by what was found. */
const withLead = (body: Written): Written => (body.lead.length > 0 ? body : { ...body, lead: usualLead })
const usualLead = [pieceOf('{{found}}.')]

/** Sentences that the answer has not said yet. */
function fresh(text: string, told: Set<string>): string {
  const left = cut(text).filter(({ plain }) => !told.has(plain))
  for (const { plain } of left) told.add(plain)
  return left.map(({ sentence }) => sentence).join(' ')
}

interface Cut {
  sentence: string
  plain: string
}

/** Most texts of cards are the same for many patients; each of so many characters at most. */
const cuts = new Remembered<readonly Cut[]>(1000, 400)

function cut(text: string): readonly Cut[] {
  const known = cuts.get(text)
  if (known) return known
  const sentences = sentencesOf(text).map((sentence) => ({ sentence, plain: plain(sentence) }))
  cuts.set(text, sentences)
  return sentences
}

const plain = (sentence: string) => sentence.replace(/[*_.]/g, '').toLowerCase()

const capital = (text: string) => text.replace(/^(\*\*)?\p{Ll}/u, (start) => start.toUpperCase())

function onceEach<Key extends object, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>()
  return (key) => {
    if (!made.has(key)) made.set(key, make(key))
    return made.get(key) as Made
  }
}

const waitWeeksOf = (content: Content) =>
  Math.round((content.parameters['imaging-wait-days']?.value ?? 0) / 7)

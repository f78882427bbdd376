/**
 * What rules of a kind have in common, whichever they are: what an emergency quiets, what a red flag quiets, and who is
 * heard first. Each function tells where the content breaks it.
 */
import type { Content } from '../../src/pathway/content.ts'
import type { Rule, RuleOf, Subject, Topic } from '../../src/pathway/schema.ts'

type Headline = RuleOf<'headline'>
type Quieting = Headline | RuleOf<'silencer'>

const isHeadline = (rule: Rule): rule is Headline => rule.role === 'headline'
const isAbout = (rule: Rule, subject: Subject) => rule.on.includes(subject)

interface Duty {
  /** As a sentence. */
  duty: string
  of: (rule: Quieting) => boolean
  quiets: readonly Topic[]
}

/** Everything that says wait, ask, test otherwise, move, or "could not be checked". */
const softer: readonly Topic[] = [
  'right-test',
  'xray-first',
  'ask',
  'not-now',
  'repeat',
  'opioid-first',
  'care',
  'not-checked',
]

/** Not flags of the patient, and so with duties of their own. */
const carePutOff = ['IM04']
const pregnancy = ['G05s', 'IM23']
const otherwiseAnswered = ['G06c', 'G06s', 'G11']
/** Speaks of a draft that nobody can read, in place of all advice. */
const unreadDraft = ['G09m']
const imagingUnderWay = ['RF04b', 'RF05b']

const duties: readonly Duty[] = [
  {
    duty: 'an emergency quiets all softer talk',
    of: (rule) => isHeadline(rule) && rule.topic === 'emergency',
    quiets: softer,
  },
  {
    duty: 'the right scan, urgent already, quiets all softer talk about imaging',
    of: ({ code }) => imagingUnderWay.includes(code),
    quiets: softer.filter((topic) => topic !== 'opioid-first' && topic !== 'care'),
  },
  {
    duty: 'a red flag that makes imaging right quiets "not now", "read the last one first" and "could not be checked"',
    of: (rule) =>
      rule.role === 'silencer' &&
      isAbout(rule, 'lumbar-imaging') &&
      ![...carePutOff, ...pregnancy].includes(rule.code),
    quiets: ['not-now', 'repeat', 'not-checked'],
  },
  {
    duty: 'a pregnancy, and care that was tried, quiet "not now" and "could not be checked"',
    of: ({ code }) => [...carePutOff, ...pregnancy].includes(code),
    quiets: ['not-now', 'not-checked'],
  },
  {
    duty: 'a card that warns of a flag beside a scan quiets "not now" and "could not be checked"',
    of: (rule) =>
      isHeadline(rule) &&
      isAbout(rule, 'lumbar-imaging') &&
      rule.stance === 'warns' &&
      ['right-test', 'xray-first', 'ask'].includes(rule.topic),
    quiets: ['not-now', 'not-checked'],
  },
  {
    duty: 'a reason for opioids outside this pathway quiets all talk of opioids',
    of: ({ code }) => otherwiseAnswered.includes(code),
    quiets: ['opioid-first', 'opioid-safety', 'ask', 'not-checked'],
  },
]

export function tooLittleQuieted({ rules }: Pick<Content, 'rules'>): string[] {
  const quieting = rules.filter(
    (rule): rule is Quieting => rule.role === 'headline' || rule.role === 'silencer',
  )
  return duties.flatMap(({ duty, of, quiets }) =>
    quieting
      .filter(of)
      .flatMap(({ code, silences }) =>
        quiets
          .filter((topic) => !silences.includes(topic))
          .map((topic) => `${code} does not quiet ${topic}: ${duty}`),
      ),
  )
}

/** Rules that each of these duties is about, so that none is about nothing. */
export const rulesWithDuties = ({ rules }: Pick<Content, 'rules'>) =>
  duties.map(({ duty, of }) => ({
    duty,
    rules: rules
      .filter((rule): rule is Quieting => rule.role === 'headline' || rule.role === 'silencer')
      .filter(of)
      .map(({ code }) => code),
  }))

interface Precedence {
  duty: string
  first: (rule: Headline) => boolean
  after: (rule: Headline) => boolean
}

const isCritical = ({ indicator }: Headline) => indicator === 'critical'
const of =
  (...topics: Topic[]) =>
  ({ topic }: Headline) =>
    topics.includes(topic)

const precedences: readonly Precedence[] = [
  {
    duty: 'an emergency of the patient comes before all else about the order, its own dangers too',
    first: of('emergency'),
    after: (rule) => !of('emergency', 'safety')(rule),
  },
  {
    duty: 'what is critical comes before all that is not, emergencies apart',
    first: isCritical,
    after: (rule) => !isCritical(rule) && !of('emergency')(rule),
  },
  {
    duty: 'a warning of what stands in the chart comes before advice against the order',
    first: ({ code, stance, topic }) =>
      stance === 'warns' && topic !== 'not-checked' && !unreadDraft.includes(code),
    after: ({ stance }) => stance === 'discourages',
  },
  {
    duty: 'what could not be checked is said last',
    first: (rule) => !of('not-checked')(rule),
    after: of('not-checked'),
  },
  {
    duty: '"not now" comes before another test and before a repeat, where nothing stands in the chart',
    first: of('not-now'),
    after: (rule) => rule.stance === 'discourages' && of('right-test', 'repeat')(rule),
  },
]

const shareAnOrder = (one: Headline, other: Headline) => other.on.some((subject) => isAbout(one, subject))

/** A lower number; at the same number what is louder. */
const outranks = (one: Headline, other: Headline) =>
  one.priority < other.priority ||
  (one.priority === other.priority && loudness.indexOf(one.indicator) > loudness.indexOf(other.indicator))
const loudness = ['info', 'warning', 'critical']

export function wronglyRanked({ rules }: Pick<Content, 'rules'>): string[] {
  const headlines = rules.filter(isHeadline)
  return precedences.flatMap(({ duty, first, after }) =>
    headlines
      .filter(first)
      .flatMap((one) =>
        headlines
          .filter(
            (other) => other !== one && after(other) && shareAnOrder(one, other) && !outranks(one, other),
          )
          .map(
            (other) =>
              `${one.code} (${one.priority}) is not heard before ${other.code} (${other.priority}): ${duty}`,
          ),
      ),
  )
}

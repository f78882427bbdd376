/** This bout of back pain, where codes and dates alone tell of it: when it began, how that is known, and why the order. */
import type { Content } from '../pathway/content.ts'
import type { FactDeclaration, FactOf } from '../pathway/schema.ts'
import { type Expression, found, groupsOf, isIn, problemsIn } from './expression.ts'
import { beyond, quoted } from './writing.ts'

export type EpisodeContent = Pick<Content, 'episode' | 'checklist'>

const plain = { says: 'an answer', numbers: [] } as const

export function episodeExpression(fact: FactDeclaration, content: EpisodeContent): Expression | undefined {
  if (fact.kind === 'placed') return placed(fact)
  if (fact.kind !== 'episode') return undefined
  const all = allGroups(content)
  const leaves =
    'pain that words, ages at onset or a chronic pain of another site date, and visits whose day is not known'
  const named = { ...plain, groups: all, problems: all, concepts: all, leaves }
  switch (fact.read) {
    case 'onset-days':
      return {
        ...named,
        text: orAnswered('"Onset answered"', '"Onset"', content),
        numbers: onsetNumbers(content),
      }
    case 'onset-basis':
      return { ...named, text: orAnswered("'answered'", '"Basis of onset"', content) }
    case 'reason':
      return {
        ...named,
        text: reasonText(content),
        leaves: 'reasons in words, and what links a visit to a problem',
      }
    case 'reason-names':
      return {
        ...named,
        text: namesText(content),
        leaves: 'every reason that is no code of back pain',
      }
    case 'back-pain':
      return {
        ...named,
        says: 'yes and no',
        text: `(${reasonText(content)}) != 'none'`,
        leaves: 'back pain beside a reason that is no code of it',
      }
    case 'sciatica':
      return sciatica(content)
  }
}

const orAnswered = (answer: string, read: string, { checklist }: EpisodeContent) =>
  `${checklist.onset ? `if "Onset answered" is not null then ${answer}\n  else ` : ''}if "Back pain is told" then ${read} else null`

const onsetNumbers = ({ episode }: EpisodeContent) =>
  [episode.gap, episode['chronic-from'], ...Object.values(episode['reason-lookback'])].map(String)

function allGroups({ episode }: EpisodeContent): string[] {
  const lists = [
    'back-pain',
    'site-unstated',
    'chronic',
    'chronic-pain-anywhere',
    'spine-flags',
    'emergency-flags',
    'other-flags',
  ] as const
  return [...new Set(lists.flatMap((name) => groupsOf(episode[name])))]
}

function placed(fact: FactOf<'placed'>): Expression {
  const [value, at] = [quoted(fact.fact), quoted(String(fact.at))]
  return {
    groups: [],
    problems: [],
    concepts: [],
    numbers: [String(fact.at)],
    says: 'yes and no',
    text: `case when ${value}.high.value < ${at} or ${value}.low.value >= ${at} then true when "Back pain is told" then false else null as Boolean end`,
    leaves: 'a beginning that codes and dates do not tell',
  }
}

function sciatica({ episode }: EpisodeContent): Expression {
  const groups = groupsOf(episode.sciatica)
  return {
    ...plain,
    says: 'yes and no',
    groups,
    problems: groups,
    concepts: groups,
    text: found(
      groups.flatMap((group) => [
        `(${quoted(problemsIn(group))} C return all "Problem judged"(C, 'active', false, null, null, -1, 'counts'))`,
        `("Reasons" X where ${isIn(group)}(X) return all 'unknown')`,
      ]),
      '"Problems are told"',
    ),
    leaves: 'leg pain in words, and as the reason of a visit or an order',
  }
}

/** Only that it names this back, or that there is none: what else a reason names is weighed by its words too. */
function namesText(content: EpisodeContent): string {
  return `case
    when exists ("Reasons of the draft") then if (${reasonText(content)}) = 'order' then 'back-pain' else null
    when "The order is told" and "Reasons of the draft are in reach" and "The dosage gives no reason" then 'nothing'
    else null as String end`
}

function reasonText({ episode }: EpisodeContent): string {
  const spine = groupsOf(episode['spine-flags'])
  const pain = [...groupsOf(episode['back-pain']), ...spine]
  const unstated = groupsOf(episode['site-unstated'])
  const isOne = (groups: readonly string[]) => groups.map((group) => `${isIn(group)}(R)`).join(' or ')
  return `case
    when exists ("Reasons of the draft" R where "Says no more than its codes"(R) and (${isOne(pain)})) then 'order'
    when "drafted service" is not null
        and exists ("Reasons of the draft" R where "Says no more than its codes"(R) and (${isOne(unstated)})) then 'order'
    when exists ("Reasons of the draft") or not "The order is told" or not "Back pain is told" then null
    when "There is no visit" or exists ("Visit of the call" E where not exists (E.reasonCode) and not exists (E.type)
        and E.serviceType is null and not exists (E.diagnosis) and not exists (E.reasonReference))
      then case
        when exists ("Problems that give a reason" C where C.encounter.reference.value = 'Encounter/' + "visit") then 'this-visit'
        when exists ("Recent problems") then 'recent-problem'
        else 'none' end
    else null as String end`
}

export function episodeFunctions({ episode }: EpisodeContent): string[] {
  const union = (groups: readonly string[]) =>
    groups.map((group) => quoted(problemsIn(group))).join(' union ')
  const [plainPain, unstated] = [groupsOf(episode['back-pain']), groupsOf(episode['site-unstated'])]
  const lookback = episode['reason-lookback']
  return [
    `// Of an unstated site only where imaging, or no order at all, is looked at.
define "Back pain problems":
  (${union(plainPain)} union (if "drafted medicine" is null then ${union(unstated)} else List<FHIR.Condition>{})) C
    where not Coalesce("Problem is withdrawn"(C), false)`,
    `define "Open back pain": "Back pain problems" C where "Standing of"(C) != 'past'`,
    `// Every entry must be said by codes and dated to the day, or not at all; visits too.
define "Back pain is told":
  "The order is told" and "Problems are told" and "Visits are told"
    and not exists ("Back pain problems" C where "Problem is withdrawn"(C) is null or "Standing of"(C) is null or "Is dated oddly"(C))
    and not exists (${union(groupsOf(episode['chronic-pain-anywhere']))})
    and not exists ([Encounter] E where exists (E.reasonCode) or exists (E.reasonReference) or exists (E.diagnosis))
    and not exists ("Back pain problems" C where C.encounter is not null and "Days since its visit"(C) is null)`,
    `define function "Is dated oddly"(C FHIR.Condition):
  (C.onset is not null and (not (C.onset is FHIR.dateTime) or "Days since written"((C.onset as FHIR.dateTime).value) is null))
    or (C.recordedDate is not null and "Days since written"(C.recordedDate.value) is null)`,
    `define function "Days since its visit"(C FHIR.Condition):
  "Days since written"((singleton from ([Encounter] E where C.encounter.reference.value = 'Encounter/' + E.id.value
    and E.status.value != 'planned')).period.start.value)`,
    `define function "Days since onset"(C FHIR.Condition): "Days since written"((C.onset as FHIR.dateTime).value)`,
    `define function "Days since recorded"(C FHIR.Condition):
  case when C.recordedDate is not null then "Days since written"(C.recordedDate.value)
    when C.onset is not null then "Days since onset"(C) else "Days since its visit"(C) end`,
    `// Days of this bout: problems as they were written down, and the visits on which they were.
define "Contacts":
  (("Open back pain" C return all "Days since recorded"(C))
    union ("Back pain problems" C where C.encounter is not null return all "Days since its visit"(C))) D where D is not null`,
    `// Where the time between two contacts is longer than the clean period, what came before belongs to another bout.
define "First contact":
  Max("Contacts" D
    where not exists ("Contacts" G where G <= D and G - Coalesce(Max("Contacts" E where E < G), 0) > ${quoted(episode.gap)}))`,
    `define "Dated onsets":
  ("Open back pain" C where C.onset is not null
      and ("Standing of"(C) = 'active' or "Days since onset"(C) <= Max({Coalesce("First contact", -1), ${quoted(episode.gap)}})))
    C return all "Days since onset"(C)`,
    `define "Chronic back pain": (${union(groupsOf(episode.chronic))}) C where "Standing of"(C) != 'past' and not Coalesce("Problem is withdrawn"(C), false)`,
    `define "Onset":
  case
    when exists ("Dated onsets") then "From to"(Max("Dated onsets"), Max("Dated onsets"))
    when exists ("Chronic back pain") then "From to"(Max({${quoted(episode['chronic-from'])}, Coalesce("First contact", -1)}), ${beyond})
    when "First contact" is not null then "From to"("First contact", "First contact")
    else null
  end`,
    `define "Basis of onset":
  case
    when exists ("Dated onsets") then 'onset'
    when exists ("Chronic back pain") then 'term'
    when "First contact" is not null then 'first-recorded'
    else 'none'
  end`,
    `define function "From to"(low Integer, high Integer):
  Interval[System.Quantity { value: ToDecimal(low), unit: '1' }, System.Quantity { value: ToDecimal(high), unit: '1' }]`,
    `define "Problems that give a reason":
  ("Back pain problems" union ${union(groupsOf(episode['emergency-flags']))}) C where not Coalesce("Problem is withdrawn"(C), false)`,
    `// With imaging a problem counts that may be recent: of one without a day nobody knows.
define "Recent problems":
  "Problems that give a reason" C
    where "Standing of"(C) != 'past'
      and (("drafted medicine" is null and C.onset is null and C.recordedDate is null and C.encounter is null)
        or "Days since recorded"(C) <= "Look-back of reasons" or "Days since onset"(C) <= "Look-back of reasons")`,
    `define "Look-back of reasons":
  if "drafted medicine" is not null then ${quoted(lookback.opioid)} else ${quoted(lookback['lumbar-imaging'])}`,
  ]
}

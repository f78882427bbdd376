/** What the draft order says by codes: which order it is, its elements, its reasons, and that it says nothing in words. */
import { saysOneOf } from '../facts/words.ts'
import { type CodeRow, columnOf } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import type { FactDeclaration, FactOf } from '../pathway/schema.ts'
import { type Expression, groupsOf, isIn } from './expression.ts'
import { list, quoted, text } from './writing.ts'

export type OrderContent = Pick<Content, 'codes' | 'orderKinds' | 'medicines' | 'facts'>

type Draft = 'service' | 'medicine'

const draftOf = { ServiceRequest: 'service', MedicationRequest: 'medicine' } as const
export const codesOf = (draft: Draft) => quoted(`Codes of the drafted ${draft}`)
export const codedIn = (set: string) => quoted(`Drafted codes in ${set}`)

/** Sets by which one kind of order is told, in the order in which they are asked. */
export function setsOf({ orderKinds }: OrderContent) {
  return Object.entries(orderKinds).flatMap(([kind, declared]) =>
    declared
      ? [
          {
            kind,
            draft: draftOf[declared.resource as keyof typeof draftOf],
            triggers: declared.triggers,
            sets: [...new Set(declared.triggers.flatMap(({ codes }) => Object.keys(codes)))],
          },
        ]
      : [],
  )
}

/** Rows of the value sets of orders by what a column of theirs, or their name, says: `order/imaging-modality/mri`. */
export function orderSets(content: OrderContent): ReadonlyMap<string, readonly CodeRow[]> {
  const { codes, facts, medicines } = content
  const found = new Map<string, readonly CodeRow[]>()
  const setsOfMedicines = new Set(
    setsOf(content).flatMap(({ draft, sets }) => (draft === 'medicine' ? sets : [])),
  )
  for (const [name, fact] of Object.entries(facts)) {
    if (fact.kind !== 'draft-order') continue
    const { column } = fact
    if (column !== undefined && column !== 'strength') {
      const rows = codes.rows.filter(({ set }) => fact.codes?.includes(set))
      for (const [word, meanings] of Object.entries(fact.words))
        found.set(
          setOf(name, word),
          rows.filter((row) => meanings.some((each) => each === columnOf(row, column))),
        )
    }
    if (fact.form) {
      const rows = codes.rows.filter(({ set }) => setsOfMedicines.has(set))
      for (const [form, { words }] of Object.entries(medicines.forms))
        found.set(
          setOf(name, form),
          rows.filter(({ display }) => saysOneOf(display, words)),
        )
    }
  }
  return new Map([...found].filter(([, rows]) => rows.length > 0))
}

const setOf = (fact: string, word: string) => `order/${fact}/${word}`

const plain = { problems: [], concepts: [], numbers: [] }

export function orderExpression(
  name: string,
  fact: FactDeclaration,
  content: OrderContent,
): Expression | undefined {
  if (fact.kind === 'draft-order') return drafted(name, fact, content)
  if (fact.kind === 'words')
    return {
      ...plain,
      groups: [],
      text: 'if "The order says nothing in words" then false else null as Boolean',
      says: 'no',
      leaves: 'what the order says in its own words, and what these deny or date',
    }
  if (fact.kind === 'reason') return reason(fact)
  return fact.kind === 'dose' ? dose(fact) : undefined
}

function drafted(name: string, fact: FactOf<'draft-order'>, content: OrderContent): Expression | undefined {
  const words = Object.entries(fact.words)
  const otherwise = fact.otherwise === undefined ? 'null as String' : text(fact.otherwise)
  const answer = { ...plain, groups: [], says: 'an answer' as const }
  if (fact.element) {
    const value = (draft: Draft) => `"drafted ${draft}".${fact.element}.value`
    const either = `Coalesce(${value('service')}, ${value('medicine')})`
    const cases = words.map(([word, meanings]) => {
      const [first] = meanings
      return typeof first === 'boolean'
        ? `when ${either} is ${first} then ${text(word)}`
        : `when ${either} in ${list(meanings.map((each) => text(String(each))))} then ${text(word)}`
    })
    return {
      ...answer,
      text: `case when not "The order is told" then null ${cases.join(' ')} else ${otherwise} end`,
      leaves: 'nothing: what no draft says is taken as usual',
    }
  }
  if (fact.beside) return beside(fact, content)
  if (fact.form) return form(name, fact, content)
  if (fact.column === 'strength') return strength(fact, content)
  return fact.column ? column(name, fact, content) : undefined
}

/** Is an order of this kind drafted in the same call? */
function beside(fact: FactOf<'draft-order'>, content: OrderContent): Expression | undefined {
  const [kind] = setsOf(content).filter((each) => each.kind === fact.beside)
  const [[word] = []] = Object.entries(fact.words)
  if (!kind || word === undefined || fact.otherwise === undefined) return undefined
  const own = kind.sets.map((set) => `exists (${codedIn(set)})`).join(' or ')
  return {
    ...plain,
    groups: [],
    says: 'an answer',
    text: `case when ${own} then ${text(word)}
    when "drafted ${kind.draft}" is null and "Nothing else is drafted" is true then ${text(fact.otherwise)} else null end`,
    leaves: 'other drafts of the same call, and a draft without a code',
  }
}

function strength(fact: FactOf<'draft-order'>, content: OrderContent): Expression {
  const wordFor = (value: string) =>
    Object.entries(fact.words).find(([, meanings]) => meanings.includes(value))?.[0]
  const groups: string[] = []
  const cases = setsOf(content).flatMap(({ triggers, sets }) =>
    triggers.flatMap((trigger) => {
      const word = wordFor(trigger.strength)
      return sets.flatMap((set) => {
        const wanted = (trigger.codes[set] ?? []).map((group) => `${set}/${group}`)
        groups.push(...wanted)
        return wanted.length === 0 || word === undefined
          ? []
          : [
              `when exists (${codedIn(set)} X where ${wanted.map((group) => `X in ${quoted(group)}`).join(' or ')}) then ${text(word)}`,
            ]
      })
    }),
  )
  return {
    ...plain,
    groups,
    says: 'an answer',
    text: `case\n    ${cases.join('\n    ')}\n    else null as String end`,
    leaves: 'orders without a code, which their words name, and a medicine that nobody can name',
  }
}

/** By a column of the value set: every code of the draft that stands in the set must say the same. */
function column(name: string, fact: FactOf<'draft-order'>, content: OrderContent): Expression | undefined {
  const derived = orderSets(content)
  const kind = setsOf(content).find(({ sets }) => fact.codes?.some((set) => sets.includes(set)))
  if (!kind) return undefined
  const codes = kind.sets.filter((set) => fact.codes?.includes(set)).map(codedIn)
  const there = Object.keys(fact.words).flatMap((word) => {
    const set = setOf(name, word)
    return derived.has(set) ? [{ word, set }] : []
  })
  const all = (each: string, wanted: string) =>
    `when exists (${each}) and not exists (${each} C where ${wanted})`
  const inNone = `(${there.map(({ set }) => `C in ${quoted(set)}`).join(' or ')})`
  const { otherwise } = fact
  const cases = codes.flatMap((each) => [
    ...there.map(({ word, set }) => `${all(each, `not (C in ${quoted(set)})`)} then ${text(word)}`),
    ...(otherwise === undefined ? [] : [`${all(each, inNone)} then ${text(otherwise)}`]),
  ])
  const other = kind.draft === 'service' ? 'medicine' : 'service'
  // An order of another kind, or none, is certainly none of these.
  const outside =
    otherwise === undefined || kind.draft === 'medicine'
      ? []
      : [
          `when "drafted ${kind.draft}" is null and ("drafted ${other}" is not null or "The chart is opened") then ${text(otherwise)}`,
        ]
  return {
    ...plain,
    groups: there.map(({ set }) => set),
    says: 'an answer',
    text: `case\n    ${[...cases, ...outside].join('\n    ')}\n    else null as String end`,
    leaves: 'orders without a code of ours, which their words name, and codes that contradict each other',
  }
}

/** By the name of the code, then by the route of the dosage; words of either come last, and are not heard here. */
function form(name: string, fact: FactOf<'draft-order'>, content: OrderContent): Expression | undefined {
  const derived = orderSets(content)
  const otherwise = fact.otherwise
  const kind = setsOf(content).find(({ draft }) => draft === 'medicine')
  if (!kind || otherwise === undefined) return undefined
  const wordOf = (form: string) =>
    Object.entries(fact.words).find(([, meanings]) => meanings.includes(form))?.[0] ?? otherwise
  const forms = Object.entries(content.medicines.forms)
  const byCode = forms.flatMap(([each]) => {
    const set = setOf(name, each)
    return derived.has(set)
      ? [
          `when exists ((${kind.sets.map(codedIn).join(' union ')}) C where C in ${quoted(set)}) then ${text(wordOf(each))}`,
        ]
      : []
  })
  const byRoute = forms.flatMap(([each, { codes }]) =>
    codes.length > 0
      ? [
          `when exists ("Routes of the drafted medicine" R where R in ${list(codes.map(text))}) then ${text(wordOf(each))}`,
        ]
      : [],
  )
  return {
    ...plain,
    groups: forms.map(([each]) => setOf(name, each)).filter((set) => derived.has(set)),
    says: 'an answer',
    text: `case\n    when ${kind.sets.map((set) => `not exists (${codedIn(set)})`).join(' and ')} then null
    ${[...byCode, ...byRoute].join('\n    ')}
    when "The drafted medicine says nothing in words" then ${text(otherwise)} else null end`,
    leaves: 'forms that only the words of the product or of its dosage name',
  }
}

function reason(fact: FactOf<'reason'>): Expression {
  const groups = groupsOf(fact.codes)
  const ours = (concept: string) => groups.map((group) => `${isIn(group)}(${concept})`).join(' or ')
  const coded = `exists ("Reasons of the draft" R where "Says no more than its codes"(R) and (${ours('R')}))`
  const reach = '"The order is told" and "Reasons of the draft are in reach" and "The dosage gives no reason"'
  /** Each is said by codes and by nothing else, a display neither. */
  const wordless = 'not exists ("Reasons of the draft" R where not "Is said without words"(R))'
  const allOurs = `not exists ("Reasons of the draft" R where not ("Says no more than its codes"(R) and (${ours('R')})))`
  const some = `exists ("Reasons of the draft" R where not (${ours('R')}))`
  const cases = fact['some-outside']
    ? [
        ...(fact['or-note'] ? ['when exists ("Notes of the draft") then true'] : []),
        `when ${reach} and ${allOurs} then false`,
        `when ${wordless} and ${some} then true`,
      ]
    : fact.outside
      ? [
          `when ${coded} then false`,
          `when ${reach} and not exists ("Reasons of the draft") then false`,
          `when ${reach} and ${wordless} then true`,
        ]
      : [`when ${coded} then true`, `when ${reach} and ${wordless} then false`]
  return {
    ...plain,
    groups,
    concepts: groups,
    text: `case\n    ${cases.join('\n    ')}\n    else null as Boolean end`,
    says: 'yes and no',
    leaves: 'reasons in words, and what the names of codes say beside them',
  }
}

function dose(fact: FactOf<'dose'>): Expression | undefined {
  if (fact.read === 'mme-per-day' || fact.read === 'dose-not-read') return undefined
  const [text, leaves] =
    fact.read === 'supply-days'
      ? ['"Days of one fill"', 'directions in words, and amounts in other units than the dose']
      : [
          '"Pieces of"("drafted medicine".dispenseRequest.quantity)',
          'amounts that are no pieces: millilitres, bare numbers',
        ]
  return {
    ...plain,
    groups: [],
    text: `"As interval"(${text})`,
    says: 'an answer',
    leaves,
  }
}

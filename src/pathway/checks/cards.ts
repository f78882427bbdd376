/** Cards and rules belong together, and a card says nothing that its rule's sources should say. */
import type { CardEntry } from '../cards.ts'
import { cardsFolder } from '../cards.ts'
import type { Draft } from '../draft.ts'
import { type Place, type Problems, unknownName } from '../problems.ts'
import { isRetired, placeholders } from '../schema.ts'

export function checkCards(draft: Draft, problems: Problems) {
  checkRulesHaveCards(draft, problems)
  const { rules, cards } = draft
  for (const [name, card] of cards) {
    if (rules.lacks(name)) {
      const file = `${cardsFolder}/${name}.md`
      problems.add({ file, line: 1 }, `belongs to no rule: ${unknownName('rule', name, rules.names)}`)
    }
    if (card) checkText(card, problems)
    if (card?.value.summary?.includes('{{'))
      problems.add(
        card.place('summary'),
        'is the same for every patient: put what differs into the text below',
      )
  }
}

function checkRulesHaveCards(draft: Draft, problems: Problems) {
  const { rules, cards } = draft
  for (const { name, value: rule, place } of rules.entries) {
    const speaks = rule.role === 'headline' || rule.role === 'line'
    const card = cards.get(name)
    if (!speaks && cards.has(name)) {
      const file = `${cardsFolder}/${name}.md`
      problems.add(
        { file, line: 1 },
        `belongs to a ${rule.role}, which never speaks: delete it, or make the rule a headline`,
      )
    }
    if (!speaks || isRetired(rule)) continue
    if (!cards.has(name))
      problems.add(place('id'), `${rule.role} "${name}" has no card: write ${cardsFolder}/${name}.md`)
    if (!card) continue
    if (rule.role === 'headline') checkStrength(draft, rule.strength, place('strength'), problems)
    if (rule.role === 'headline' && card.value.summary === undefined) {
      problems.add(card.place(), `needs a "summary": rule "${name}" is a headline`)
    }
    if (rule.role === 'headline' && card.value.line !== undefined && !card.value.line.includes('{{')) {
      problems.add(
        card.place('line'),
        'could be told to any patient, and so rides nowhere: say with a {{placeholder}} what was found in this one',
      )
    }
    if (rule.role === 'line' && card.value.line === undefined) {
      problems.add(card.place(), `needs a "line": rule "${name}" is a line on the cards of others`)
    }
    if (rule.role === 'headline' && card.value.detail === '') {
      problems.add(
        { ...card.place(), line: card.lines.lastIndexOf('---') + 1 },
        'has no text below the second ---: write the detail',
      )
    }
  }
}

/** A card says it in plain words: those of a guideline are no language of a reader's. */
function checkStrength({ phrases: { value } }: Draft, strength: string, place: Place, problems: Problems) {
  if (value && value.strengths[strength] === undefined) {
    const known = Object.keys(value.strengths)
    problems.add(
      place,
      `${unknownName('strength', strength, known)}: say in cards/phrases.yaml, under strengths, what it means to a reader`,
    )
  }
}

const mistakes: readonly { pattern: RegExp; message: string }[] = [
  { pattern: /<\/?[a-z][^<>]*>|<!--/i, message: 'holds raw HTML: write Markdown only' },
  {
    pattern: /[a-z]:\/\/|\bwww\.|\]\([^()[\]]*\)/i,
    message: "holds a link or an address: a card's sources come from the citations of its rule",
  },
]

function checkText({ place, lines }: CardEntry, problems: Problems) {
  const { file } = place()
  for (const [at, text] of lines.entries()) {
    const here = { file, line: at + 1 }
    for (const { pattern, message } of mistakes) if (pattern.test(text)) problems.add(here, message)
    for (const [, name = ''] of text.matchAll(/\{\{([^{}]*)\}\}/g)) {
      if (!placeholders.some((known) => known === name)) {
        problems.add(here, unknownName('placeholder', name, placeholders))
      }
    }
    const open = text.replace(/\{\{[^{}]*\}\}/g, '')
    if (/\{\{|\}\}/.test(open))
      problems.add(here, 'has {{ or }} without its other half: write a placeholder as {{order}}')
  }
}

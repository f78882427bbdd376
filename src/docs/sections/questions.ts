/** Every question that the rules ask of the chart, with what answers it. */
import { type FactDeclaration, wordGroups } from '../../pathway/schema.ts'
import { type Entry, type Section, terms, text, type Words } from '../blocks.ts'
import type { FactFile } from '../book.ts'
import { tellEvidence } from '../evidence.ts'
import { anchors, capital, cell, link, spaced } from '../markdown.ts'
import { sourceLinks, type Telling } from '../telling.ts'

export function questionsSection(telling: Telling): Section {
  return {
    id: 'questions',
    title: 'Questions asked of the chart',
    blocks: [
      text(
        'Rules name these facts. Each is answered yes, no, with a word or a number, or “cannot be told”. Nothing found means no only where all the data came.',
      ),
    ],
    parts: telling.book.factFiles.map((file) => chapter(file, telling)),
  }
}

function chapter({ name, file, facts }: FactFile, telling: Telling): Section {
  const entries = facts.flatMap((fact) => {
    const declared = telling.content.facts[fact]
    return declared ? [questionEntry(fact, declared, telling)] : []
  })
  return {
    id: `questions-${name}`,
    title: `Questions: ${spaced(name)}`,
    blocks: [text(`From ${link(file, file.replace('pathway/', ''))}.`), { kind: 'entries', entries }],
  }
}

function questionEntry(name: string, fact: FactDeclaration, { speech, book, content }: Telling): Entry {
  const { how, when } = tellEvidence(fact, speech, (other) => link(spaced(other), `#${anchors.fact(other)}`))
  const said = (phrases: readonly string[]) => phrases.length > 0 && `${capital(phrases.join('; '))}.`
  const types = fact.kind === 'function' ? fact.reads : [...book.reads(name)]
  return {
    id: anchors.fact(name),
    title: fact.asks,
    look: 'question',
    tag: name,
    about: fact.noun === undefined ? '' : `called “${cell(fact.noun)}” on cards`,
    terms: terms(
      ['Found by', said(how)],
      ['How recent', said(when)],
      ['Value sets', valueSetsOf(fact)],
      ['Nothing found', nothingFound(fact)],
      ['If its data did not come', condition(fact)],
      [
        'Data',
        types.length > 0 &&
          `${capital(types.map((type) => content.phrases.records[type] ?? type).join(', '))}.`,
      ],
      ['Note', fact.note && cell(fact.note)],
      ['Rests on', fact.cites && sourceLinks(fact.cites)],
    ),
  }
}

function valueSetsOf(fact: FactDeclaration): Words {
  const codes = 'codes' in fact ? fact.codes : undefined
  if (!codes) return ''
  // What only words say has no value set to lead to.
  const linked = (set: string) => (set === wordGroups.set ? cell(set) : link(set, `#${anchors.codes(set)}`))
  if (Array.isArray(codes)) return codes.map(linked).join(', ')
  return Object.entries(codes)
    .map(([set, groups]) => `${linked(set)}: ${groups.map(cell).join(', ')}`)
    .join('; ')
}

function nothingFound(fact: FactDeclaration): Words {
  if (!('absent-means' in fact)) return ''
  const because = fact.because ? ` (${cell(fact.because).replace(/\.$/, '')})` : ''
  return `${fact['absent-means'] === 'false' ? 'No' : 'Cannot be told'}${because}.`
}

const condition = (fact: FactDeclaration): Words | undefined => {
  const because = fact['conditional-because']
  return because && `Advice asks to make sure: ${cell(because)}`
}

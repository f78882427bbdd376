/** Every question that the rules ask of the chart, with what answers it. */
import type { FactDeclaration } from '../../content/schema.ts'
import type { FactFile } from '../../docs/book.ts'
import { tellEvidence } from '../../docs/evidence.ts'
import { anchors, capital, link, spaced } from '../../docs/markdown.ts'
import { type Html, html, joined } from '../html.ts'
import { citation, told } from './parts.ts'
import { linked, type View } from './view.ts'

export function factsSection(view: View): Html {
  return html`<section aria-labelledby="questions">
<h2 id="questions">Questions asked of the chart</h2>
<p>Rules name these. Each is answered yes, no, with a word or a number, or “cannot be told”. Nothing found means no only
where all the data came.</p>
${view.book.factFiles.map((file) => factGroup(file, view))}</section>`
}

function factGroup({ name, facts }: FactFile, view: View): Html {
  const id = `questions-${name}`
  return html`<section aria-labelledby="${id}">
<h3 id="${id}">${capital(spaced(name))}</h3>
<div class="columns">${facts.map((fact) => {
    const declared = view.content.facts[fact]
    return declared && html`${factArticle(fact, declared, view)}\n`
  })}</div></section>`
}

function factArticle(name: string, fact: FactDeclaration, view: View): Html {
  const { how, when } = tellEvidence(fact, view.speech, (other) =>
    link(spaced(other), `#${anchors.fact(other)}`),
  )
  const said = (phrases: readonly string[]) =>
    phrases.length > 0 && linked(`${capital(phrases.join('; '))}.`, view)
  const id = anchors.fact(name)
  return html`<div class="fact" id="${id}">
<h4>${fact.asks}</h4>
<p class="tags"><code>${name}</code>${fact.noun !== undefined && ` · called “${fact.noun}” on cards`}</p>
<dl>${told('Found by', said(how))}${told('How recent', said(when))}${told('Codes', codesOf(fact))}${told(
    'Nothing found',
    absence(fact),
  )}${told('Data', dataOf(name, view))}${told('Note', fact.note)}${told(
    'Rests on',
    fact.cites &&
      fact.cites.length > 0 &&
      joined(
        fact.cites.map((source) => citation(source, view)),
        '; ',
      ),
  )}</dl></div>`
}

function codesOf(fact: FactDeclaration): string {
  const codes = 'codes' in fact ? fact.codes : undefined
  if (!codes) return ''
  if (Array.isArray(codes)) return codes.join(', ')
  return Object.entries(codes)
    .map(([set, groups]) => `${set}: ${groups.join(', ')}`)
    .join('; ')
}

function absence(fact: FactDeclaration): string {
  if (!('absent-means' in fact)) return ''
  const because = fact.because ? ` (${fact.because.replace(/\.$/, '')})` : ''
  return `${fact['absent-means'] === 'false' ? 'No' : 'Cannot be told'}${because}.`
}

function dataOf(name: string, { book, content }: View): string {
  const types = [...book.reads(name)].map((type) => content.phrases.records[type] ?? type)
  return types.length > 0 ? `${capital(types.join(', '))}.` : ''
}

/** `pathway/README.md`: the whole pathway as a clinician can read it and answer for it. */
import type { Book } from './book.ts'
import { chartsOf } from './chart.ts'
import { factsSection } from './facts-section.ts'
import { howToRead } from './how-to-read.ts'
import { anchors, bulletList, link, page } from './markdown.ts'
import {
  historySection,
  notEncodedSection,
  numbersSection,
  offersSection,
  openQuestionsSection,
  overrideSection,
  valueSetsSection,
} from './reference.ts'
import { rulesSection, titleOf } from './rules-section.ts'
import { speech } from './sentence.ts'
import { sourcesSection } from './sources.ts'

export const generated =
  '<!-- Made by `npm run docs` from the files of this folder and of ../cards. Change those, not this page. -->'

export function pathwayPage(book: Book): string {
  const { content, table } = book
  const { pathway } = content
  const plain = speech(content)
  const linked = speech(content, {
    fact: (name, text) => link(text, `#${anchors.fact(name)}`),
    number: (name, text) => link(text, `#${anchors.parameter(name)}`),
  })
  return page(
    generated,
    `# ${pathway.title}`,
    `Version **${pathway.version}**, status **${pathway.status}**.`,
    pathway.scope.trim(),
    warning(book),
    contents(book),
    howToRead(content, table.labels),
    '## The pathway in pictures',
    'They show who is heard first. A card that is not quieted becomes a line on the card before it; the tables below are exact.',
    ...chartsOf(content, plain),
    rulesSection(book, linked),
    offersSection(content, linked),
    overrideSection(content),
    numbersSection(content),
    factsSection(book, linked),
    valueSetsSection(content),
    openQuestionsSection(content),
    notEncodedSection(content),
    historySection(content),
    sourcesSection(content),
  )
}

/** Nobody should take a draft for a signed text, or a recalled number for a read one. */
function warning({ content: { pathway, rules, sources }, table }: Book): string {
  const reviewed = rules.filter(({ status }) => typeof status === 'object' && 'reviewed' in status).length
  const recalled = Object.entries(sources).filter(([, { status }]) => status === 'R')
  const unread = Object.keys(table.labels).filter((label) => label.endsWith('?'))
  return [
    '> [!WARNING]',
    `> ${pathway.status === 'reviewed' ? 'Reviewed.' : '**Not signed off.**'} A clinician has reviewed ${reviewed} of ${rules.length} rules.`,
    `> Where a rule is stated by ${unread.map((label) => `\`${label}\``).join(' or ')}, its text was not readable and its number was taken from elsewhere or recalled.`,
    `> ${recalled.length} of ${Object.keys(sources).length} sources are recalled and were not re-read: ${recalled.map(([id]) => link(id, `#${anchors.source(id)}`)).join(', ')}.`,
    `> ${pathway['open-questions'].length} ${link('questions are open', '#open-questions')}.`,
  ].join('\n')
}

function contents({ ruleFiles }: Book): string {
  const to = (title: string) => link(title, `#${title.toLowerCase().replaceAll(' ', '-')}`)
  const rules = ruleFiles.map(({ file }) => titleOf(file)).map(to)
  return bulletList([
    to('How to read this page'),
    to('The pathway in pictures'),
    `${to('Rules')}: ${rules.join(', ')}`,
    `${to('Offers')}, ${to('Reasons to keep an order')}`,
    `${to('Numbers')}, ${to('Questions asked of the chart')}, ${to('Value sets')}`,
    `${to('Open questions')}, ${to('What is not encoded')}, ${to('History')}, ${to('Sources')}`,
    link('What became of each row of the decision table', 'coverage.md'),
  ])
}

/** The page of the whole pathway, the page of one rule, and the page that says there is no such rule. */
import type { Rule } from '../../content/schema.ts'
import { howToRead } from '../../docs/how-to-read.ts'
import { titleOf } from '../../docs/rules-section.ts'
import { type Html, html, joined, raw } from '../html.ts'
import { markdown } from '../markdown.ts'
import { banner, siteChoices } from './banner.ts'
import { chartId, chartsSection, flowsOf } from './charts.ts'
import { factsSection } from './facts.ts'
import { finder } from './finder.ts'
import { numbersSection } from './numbers.ts'
import { historySection, offersSection, openSection, sourcesSection } from './reference.ts'
import { ruleArticle, rulesSection, sectionId } from './rules.ts'
import { address, allRules, type View } from './view.ts'

export function wholePage(view: View): string {
  const { pathway } = view.content
  return documentOf(
    pathway.title,
    html`<div class="with-contents">
${contents(view)}
<main id="main" tabindex="-1">
<p>${pathway.scope.trim()}</p>
${siteChoices(view)}
${reading(view)}
${chartsSection(view)}
${finder(view)}
${rulesSection(view)}
${offersSection(view)}
${numbersSection(view)}
${factsSection(view)}
${openSection(view)}
${historySection(view)}
${sourcesSection(view)}
</main>
</div>`,
    view,
    html`<h1>${pathway.title}</h1>`,
  )
}

export function rulePage(rule: Rule, view: View): string {
  const rules = allRules(view)
  const at = rules.indexOf(rule)
  const neighbour = (other: Rule | undefined, says: string) =>
    other &&
    html`<a href="${address}/rules/${other.code.toLowerCase()}">${says} ${other.code} ${other.title}</a>`
  return documentOf(
    `${rule.code} ${rule.title}`,
    html`<main id="main" tabindex="-1" class="one-rule">
${ruleArticle(rule, view, 'unfolded')}
<nav aria-label="Other rules" class="neighbours">${neighbour(rules[at - 1], 'Before:')} ${neighbour(rules[at + 1], 'Next:')}</nav>
</main>`,
    view,
    html`<p><a href="${address}">${view.content.pathway.title}</a></p>`,
  )
}

export function missingPage(view: View): string {
  return documentOf(
    'No such rule',
    html`<main id="main" tabindex="-1"><h1>There is no such rule</h1>
<p>It may have been renamed or left out. <a href="${address}#find">All rules</a> are on the page of the pathway.</p></main>`,
    view,
    html`<p><a href="${address}">${view.content.pathway.title}</a></p>`,
  )
}

function documentOf(title: string, body: Html, view: View, head: Html): string {
  const { pathway } = view.content
  const isWhole = title === pathway.title
  return html`${raw('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${isWhole ? title : `${title}: ${pathway.title}`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${address}.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
${head}
<p class="version">Version <strong>${pathway.version}</strong>, status <strong>${pathway.status}</strong></p>
${banner(view)}
</header>
${body}
<footer><p>${pathway.title}, version ${pathway.version}, ${pathway.status}. It informs clinicians and never decides for them.
Made by Lumbar from the files of its pathway.</p></footer>
</body>
</html>
`.text
}

/** The same words as in the repository; links to its files become words. */
function reading({ content, book }: View): Html {
  const told = howToRead(content, book.table.labels)
    .replace(/^## .*\n+/, '')
    .replace(/\[coverage\.md\]\(coverage\.md\)/, '`pathway/coverage.md`')
  return html`<section aria-labelledby="reading"><h2 id="reading">How to read this page</h2>
${markdown(told)}</section>`
}

function contents(view: View): Html {
  const to = (id: string, text: string) => html`<a href="#${id}">${text}</a>`
  const files = view.book.ruleFiles.map(({ file }) => html`<li>${to(sectionId(file), titleOf(file))}</li>`)
  const charts = flowsOf(view).map((flow) => html`<li>${to(chartId(flow), flow.start)}</li>`)
  const rest: readonly [string, string][] = [
    ['offers', 'Offers and answers'],
    ['numbers', 'Numbers'],
    ['questions', 'Questions asked of the chart'],
    ['open-questions', 'Open questions'],
    ['not-encoded', 'What is not encoded'],
    ['history', 'History'],
    ['sources', 'Sources'],
  ]
  return html`<nav class="contents" aria-labelledby="contents"><h2 id="contents">Contents</h2>
<ol>
<li>${to('reading', 'How to read this page')}</li>
<li>${to('pictures', 'The pathway in pictures')}<ol>${charts}</ol></li>
<li>${to('find', 'Find a rule')}</li>
<li>${to('rules', 'Rules')}<ol>${files}</ol></li>
${joined(rest.map(([id, text]) => html`<li>${to(id, text)}</li>`))}
</ol></nav>`
}

/** Where to find a rule: by what it is about, by what it does, and by what it is asked of. Works without JavaScript. */
import { type Rule, subjects, topics } from '../../content/schema.ts'
import { capital } from '../../docs/markdown.ts'
import { subjectNames, topicNames } from '../../docs/words.ts'
import { type Html, html, joined } from '../html.ts'
import { told } from './parts.ts'
import { allRules, ruleLink, type View } from './view.ts'

interface RuleGroup {
  name: string
  rules: readonly Rule[]
}

export function finder(view: View): Html {
  const rules = allRules(view)
  const headlines = rules.filter((rule) => rule.role === 'headline')
  const groups: readonly [string, readonly RuleGroup[]][] = [
    [
      'Cards by topic',
      topics.map((topic) => ({
        name: topicNames[topic],
        rules: headlines.filter((rule) => rule.topic === topic),
      })),
    ],
    [
      'Cards by indicator',
      (['critical', 'warning', 'info'] as const).map((indicator) => ({
        name: indicator,
        rules: headlines.filter((rule) => rule.indicator === indicator),
      })),
    ],
    [
      'Rules without a card of their own',
      (['gate', 'silencer', 'line', 'offer', 'marker'] as const).map((role) => ({
        name: `${role}s`,
        rules: rules.filter((rule) => rule.role === role),
      })),
    ],
    [
      'By what is judged',
      subjects.map((subject) => ({
        name: subjectNames[subject],
        rules: rules.filter(({ on }) => on.includes(subject)),
      })),
    ],
  ]
  return html`<section aria-labelledby="find">
<h2 id="find">Find a rule</h2>
<div class="finder">${groups.map(
    ([title, shelves]) => html`<div><h3>${title}</h3>
<dl>${shelves.map((shelf) => shelfOf(shelf, view))}</dl></div>\n`,
  )}</div>
</section>`
}

function shelfOf({ name, rules }: RuleGroup, view: View): Html | undefined {
  const links = joined(
    rules.map((rule) => html`<span title="${rule.title}">${ruleLink(rule, view)}</span>`),
    ' ',
  )
  return told(capital(name), rules.length > 0 && links)
}

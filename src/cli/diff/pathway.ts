/** Version, standing and scope of the pathway, its open questions, and what it leaves out. */
import type { Content } from '../../content/content.ts'
import { fromTo, keyChanges, listChange, type Section, section } from './section.ts'

type Written = Pick<Content, 'pathway'>

export function pathwayChanges({ pathway: before }: Written, { pathway: after }: Written): Section {
  const version =
    before.version === after.version
      ? []
      : [
          `version: ${fromTo(before.version, after.version)}`,
          ...after.history
            .filter(({ version: each }) => each === after.version)
            .flatMap(({ impact }) => impact.map((each) => `  ${each}`)),
        ]
  const questions = listChange(
    before['open-questions'].map(({ question }) => question),
    after['open-questions'].map(({ question }) => question),
  )
  const rest = keyChanges(before, after, [
    'version',
    'parameters',
    'open-questions',
    'not-encoded',
    'history',
  ])
  return section('Pathway', [
    ...version,
    ...rest,
    ...(questions.startsWith('the same') ? [] : [`open questions: ${questions}`]),
    ...leftOut(before, after),
  ])
}

function leftOut(before: Content['pathway'], after: Content['pathway']): string[] {
  const [was, is] = [before, after].map((pathway) => pathway['not-encoded'].map(({ code }) => code))
  const change = listChange(was ?? [], is ?? [])
  return change.startsWith('the same') ? [] : [`not encoded: ${change}`]
}

/** `npm run pathway:diff -- <ref>`: compares the content of a commit with that of the working tree, and judges every vignette by both. */
import { resolve } from 'node:path'
import pc from 'picocolors'
import { readArguments } from './arguments.ts'
import { cardChanges, codeChanges, otherChanges } from './diff/cards.ts'
import { type Checkout, commitOf, workingTree } from './diff/checkout.ts'
import { outcomeChanges } from './diff/outcomes.ts'
import { factChanges, numberChanges, pathwayChanges, ruleChanges } from './diff/rules.ts'
import type { Section } from './diff/section.ts'
import { type Print, run } from './run.ts'
import { readVignettes } from './vignettes.ts'

const home = resolve(import.meta.dirname, '../..')

export async function pathwayDiff(words: readonly string[], print: Print, root = home): Promise<void> {
  const { positionals } = readArguments(words, {}, 1)
  const [ref = 'HEAD'] = positionals
  const before = commitOf(root, ref)
  try {
    const after = workingTree(root)
    try {
      print(`${pc.bold(`${ref} (${before.name}) → the working tree`)}\n`)
      const sections = await sectionsOf(before, after, root)
      print(told(sections))
      if (sections.some(({ isChange }) => isChange)) print(versionAdvice(before, after))
    } finally {
      after.remove()
    }
  } finally {
    before.remove()
  }
}

/** The pathway as written: what a site has chosen for itself is no change of the pathway. */
async function sectionsOf(before: Checkout, after: Checkout, root: string): Promise<Section[]> {
  return [
    pathwayChanges(before.content, after.content),
    numberChanges(before.content, after.content),
    ruleChanges(before, after),
    factChanges(before.content, after.content),
    codeChanges(before.content, after.content),
    cardChanges(before.content, after.content),
    ...otherChanges(before.content, after.content),
    await outcomeChanges(before.content, after.content, readVignettes(root)),
  ]
}

/** Every card carries the version: two contents of one version could not be told apart afterwards. */
function versionAdvice({ content: before }: Checkout, { content: after }: Checkout): string {
  const { version } = after.pathway
  return version === before.pathway.version
    ? pc.yellow(`The version is still ${version}: raise it in pathway/pathway.yaml before this goes out.`)
    : `The version goes from ${before.pathway.version} to ${version}.`
}

function told(sections: readonly Section[]): string {
  const said = sections.filter(({ lines }) => lines.length > 0)
  const blocks = said.map(
    ({ title, lines }) => `${pc.bold(title)}\n${lines.map((line) => `  ${line}`).join('\n')}\n`,
  )
  return said.some(({ isChange }) => isChange)
    ? blocks.join('\n')
    : [...blocks, 'Nothing changes.'].join('\n')
}

if (import.meta.main) await run(pathwayDiff)

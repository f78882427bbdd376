/** `npm run pathway:diff -- <ref>`: compares the content of a commit with that of the working tree, and judges every vignette by both. */

import { resolve } from 'node:path'
import pc from 'picocolors'
import type { Card } from '../cards/render.ts'
import { LumbarError } from '../errors.ts'
import type { Content } from '../pathway/content.ts'
import { readArguments } from './arguments.ts'
import { cardChanges, codeChanges, otherChanges } from './diff/cards.ts'
import { type Checkout, commitOf, workingTree } from './diff/checkout.ts'
import { factChanges, numberChanges, pathwayChanges, ruleChanges } from './diff/rules.ts'
import { indented, listChange, type Section } from './diff/section.ts'
import { type Print, run } from './run.ts'
import { type Judge, judgeOf, readVignettes, type Vignette } from './vignettes.ts'

// Which vignettes end otherwise: judged by both contents, told by what changes and not one by one.

async function outcomeChanges(
  before: Content,
  after: Content,
  vignettes: readonly Vignette[],
): Promise<Section> {
  const [was, is] = [judgeOf(before), judgeOf(after)]
  const changes = new Map<string, Vignette[]>()
  for (const vignette of vignettes) {
    const change = changeOf(await outcomeOf(vignette, was), await outcomeOf(vignette, is))
    if (change !== undefined) changes.set(change, [...(changes.get(change) ?? []), vignette])
  }
  const count = [...changes.values()].flat().length
  return {
    title: 'Vignettes',
    lines: [
      vignettes.length === 0 ? 'There are none to judge.' : `${count} of ${vignettes.length} end otherwise.`,
      ...[...changes].flatMap(([change, changed]) => [
        `${change} (${changed.length})`,
        ...indented(changed.map(({ vignette, title }) => `${vignette} ${title}`)),
      ]),
    ],
    isChange: count > 0,
  }
}

interface Shown {
  /** `IM01 warning` */
  card: string
  lines: readonly string[]
  offers: readonly string[]
}

async function outcomeOf(vignette: Vignette, judge: Judge): Promise<Shown[]> {
  try {
    return (await judge(vignette)).cards.map(shownOf)
  } catch (error) {
    if (!(error instanceof LumbarError)) throw error
    return [{ card: `refused (${error.code})`, lines: [], offers: [] }]
  }
}

function shownOf({ source, indicator, extension: { lumbar } }: Card): Shown {
  return {
    card: `${source.topic.code} ${indicator}`,
    lines: lumbar.lines ?? [],
    offers: lumbar.suggestions ?? [],
  }
}

/** Undefined where nothing differs but words. */
function changeOf(was: readonly Shown[], is: readonly Shown[]): string | undefined {
  const cards = (shown: readonly Shown[]) => shown.map(({ card }) => card).join(', ') || 'nothing'
  if (cards(was) !== cards(is)) return `${cards(was)} → ${cards(is)}`
  const details = is.flatMap((after, at) => {
    const before = was[at]
    if (!before) return []
    return [
      ...listed('lines', before.lines, after.lines),
      ...listed('offers', before.offers, after.offers),
    ].map((change) => `${after.card}, ${change}`)
  })
  return details.length > 0 ? details.join('; ') : undefined
}

function listed(what: string, was: readonly string[], is: readonly string[]): string[] {
  return was.join() === is.join() ? [] : [`${what}: ${listChange(was, is)}`]
}

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

/** `npm run integration-sheet`: writes the sheet by which analysts set the service up in an EHR. */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { clientProfiles, readGoLive } from '../docs/integration-access.ts'
import { integrationSheet } from '../docs/integration-sheet.ts'
import { createEvaluator } from '../evaluate.ts'
import { discovery } from '../hooks/discovery.ts'
import { openContent } from '../pathway/compiled.ts'
import { readConfig } from '../site/environment.ts'
import { Misunderstood, readArguments, writeNamed } from './arguments.ts'
import { type Print, run, todayIn } from './run.ts'

const root = resolve(import.meta.dirname, '../..')

export async function sheet(words: readonly string[], print: Print): Promise<void> {
  const { values } = readArguments(
    words,
    {
      profile: { type: 'string' },
      out: { type: 'string' },
    },
    0,
  )
  const profile = clientProfiles.find((each) => each === values.profile)
  if (values.profile !== undefined && !profile) {
    throw new Misunderstood(
      `There is no profile "${values.profile}": say ${clientProfiles.map((each) => `--profile ${each}`).join(' or ')}.`,
    )
  }
  const { content } = await openContent(root, readConfig().siteFile)
  const { reads, readsOf, observationCodes } = createEvaluator(content, {
    today: () => todayIn(content.site['time-zone']),
    newId: randomUUID,
  })
  const text = integrationSheet({
    content,
    discovery: discovery(content, reads, observationCodes),
    reads: (fact) => readsOf([fact]),
    goLive: readGoLive(root),
    profile,
  })
  if (values.out === undefined) return print(text.trimEnd())
  writeNamed(values.out, text)
  print(`wrote ${values.out}`)
}

if (import.meta.main) await run(sheet)

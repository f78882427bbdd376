/** An evaluator over the real content, for tests that change what the site has set. */

import { join } from 'node:path'
import { createEvaluator, type Evaluator, type Explanation, type Options } from '../../src/evaluate.ts'
import type { Answers } from '../../src/facts/answers.ts'
import type { HookCall } from '../../src/hooks/call.ts'
import { openContent } from '../../src/pathway/compiled.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { Site } from '../../src/site/schema.ts'

export const root = join(import.meta.dirname, '../..')

// Compiled, as the service takes it: reading what people write costs seconds in each worker.
const { content: opened } = await openContent(root)

/** The content of this repository: the same object for all tests of a worker, which leave it as it is. */
export const realContent = (): Content => opened

export function evaluatorWith(site: Partial<Site> = {}, options: Partial<Options> = {}): Evaluator {
  const content = realContent()
  let ids = 0
  return createEvaluator(
    { ...content, site: { ...content.site, ...site } },
    { today: () => '2026-11-21', newId: () => `id-${++ids}`, ...options },
  )
}

interface OnAnyDay {
  using: Content
  open(call: HookCall): Promise<(today: string, answers?: Answers) => Explanation>
}
/** Of several megabytes each: the latest, for tests that go back and forth between sites. */
const latest: OnAnyDay[] = []
const mostKept = 12

/**
 * A call, to be judged on a day. Compiled once for each content that follows one another, whatever the day; ids count from
 * 1 in every answer, and a fact that fails is thrown.
 */
export function openOn(using: Content, call: HookCall): ReturnType<OnAnyDay['open']> {
  const kept = latest.find((each) => each.using === using) ?? onAnyDay(using)
  if (!latest.includes(kept)) latest.push(kept)
  if (latest.length > mostKept) latest.shift()
  return kept.open(call)
}

function onAnyDay(using: Content): OnAnyDay {
  let day = ''
  let made = 0
  const evaluator = createEvaluator(using, {
    today: () => day,
    newId: () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`,
    onFactError: (_, error) => {
      throw error
    },
  })
  return {
    using,
    async open(call) {
      const opened = await evaluator.open(call)
      return (today, answers) => {
        // Set and read without a pause between, so that calls judged side by side keep their days.
        day = today
        made = 0
        return opened.judge(answers)
      }
    },
  }
}

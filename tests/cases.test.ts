/**
 * Charts as they really come: invented patients in the shapes of public bug reports, posted to the listening service.
 * The few that are still answered wrongly are listed by name; the list may only shrink.
 */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { createEvaluator } from '../src/evaluate.ts'
import { services } from '../src/hooks/services.ts'
import { type ChartCase, findCases, mistakesIn } from './support/cases.ts'
import { realContent } from './support/evaluator.ts'

const today = '2026-11-28'
const { cases, place, expected } = findCases()

/** Ids of cases that are answered wrongly. */

if (cases === undefined) {
  test.skipIf(!expected)(
    `needs collected charts, which are not part of Lumbar: set LUMBAR_CASES to a folder of them (none in ${place})`,
    () => expect.unreachable('the collected charts should be here'),
  )
} else {
  run(cases)
}

function run(cases: readonly ChartCase[]): void {
  let app: FastifyInstance

  beforeAll(() => {
    const content = realContent()
    const evaluator = createEvaluator(content, { today: () => today, newId: randomUUID })
    app = buildApp({
      elapsed: () => performance.now(),
      content,
      ...evaluator,
      logger: { level: 'silent' },
      bodyLimit: content.site.limits['body-bytes'],
    })
  })
  afterAll(() => app?.close())

  async function mistakes({ hook, expect, body }: ChartCase): Promise<string[]> {
    const service = services.find((each) => each.hook === hook)
    const answer = await app.inject({
      method: 'POST',
      url: `/cds-services/${service?.id}`,
      headers: { 'content-type': 'application/json' },
      payload: body(today),
    })
    return mistakesIn(expect, answer.statusCode, answer.json().cards ?? [])
  }

  describe('a chart as it really comes is answered as it must be', () => {
    test.each(cases)('$id: $title', async (chart) => {
      expect(await mistakes(chart)).toEqual([])
    })
  })
}

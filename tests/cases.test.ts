/**
 * Charts as they really come: invented patients in the shapes of public bug reports, posted to the listening service.
 * The few that are still answered wrongly are listed by name; the list may only shrink.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { buildApp } from '../src/app.ts'
import { createEvaluator } from '../src/evaluate.ts'
import { services } from '../src/hooks/services.ts'
import { type ChartCase, findCases, mistakesIn } from './support/cases.ts'
import { realContent } from './support/evaluator.ts'

const today = '2026-11-28'
const { cases, place, expected } = findCases()

/** Ids of cases that are answered wrongly. */
const known = new Set(
  z.array(z.string()).parse(parse(readFileSync(join(import.meta.dirname, 'cases-known.yaml'), 'utf8'))),
)

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
    test.each(cases.filter(({ id }) => !known.has(id)))('$id: $title', async (chart) => {
      expect(await mistakes(chart)).toEqual([])
    })
  })

  describe('what is answered wrongly is known', () => {
    test.each(cases.filter(({ id }) => known.has(id)))('$id: $title', async (chart) => {
      expect(
        await mistakes(chart),
        `${chart.id} is right now: take it off tests/cases-known.yaml`,
      ).not.toEqual([])
    })
    test('and names no case that there is not', () => {
      expect([...known].filter((id) => !cases.some((chart) => chart.id === id))).toEqual([])
    })
  })
}

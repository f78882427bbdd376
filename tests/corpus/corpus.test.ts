/**
 * Posts everything that was collected from real systems to a listening service: requests, contexts, FHIR records as
 * prefetch and as draft orders, broken files. None may end the service, hang it, or get an answer that is not valid.
 */

import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadOrder } from '../../fhir-fixtures/load.ts'
import { buildApp } from '../../src/app.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { assertValidAnswer } from '../support/answer.ts'
import { realContent, root } from '../support/evaluator.ts'
import { Client } from '../support/http.ts'
import { assertUsefulRefusal } from '../support/refusal.ts'
import { Tally } from '../support/tally.ts'
import { listSources, onCorpus, readCorpusFile } from './corpus.ts'
import { type Post, postsOf, type Surroundings } from './posts.ts'

/** No answer may take longer, in ms; clinicians wait meanwhile. */
const mostTime = 2000

onCorpus(run)

function run(folder: string): void {
  const tally = new Tally()
  /** Log lines of failures, and facts that failed: both are silent to the caller. */
  const failures: string[] = []
  let app: FastifyInstance
  let base = ''
  let client: Client
  let surroundings: Surroundings

  beforeAll(async () => {
    app = service(failures)
    base = await app.listen({ host: '127.0.0.1', port: 0 })
    client = new Client(base)
    surroundings = { templates: await templates(base), drafts: ['lumbar-mri', 'oxycodone'].map(draft) }
  })

  afterAll(async () => {
    client?.close()
    await app?.close()
    console.log(`\n${tally}\n`)
  })

  describe('the service answers all that was collected from', () => {
    test.each(listSources(folder))('$name', { timeout: 60_000 }, async ({ name, files }) => {
      const mistakes: string[] = []
      for (const path of files) {
        const file = readCorpusFile(folder, path)
        tally.addFile(name)
        for (const post of postsOf(file, surroundings)) {
          const what = `${file.name} ${post.way}, to ${post.service.id}`
          const outcome = await send(client, post).catch((error: unknown) => mistake(error))
          if ('mistake' in outcome) mistakes.push(`${what}: ${outcome.mistake}`)
          else {
            tally.add(name, { ...outcome, what })
            if (outcome.ms > mostTime) mistakes.push(`${what}: took ${Math.round(outcome.ms)} ms`)
          }
          mistakes.push(...failures.splice(0).map((failure) => `${what}: ${failure}`))
        }
      }
      expect(mistakes).toEqual([])
    })
  })

  test('the rules were really run, and the service is still alive', async () => {
    expect((await fetch(`${base}/healthz`)).status).toBe(200)
    expect(tally.cards).toBeGreaterThan(100)
  })
}

function service(failures: string[]): FastifyInstance {
  const content = realContent()
  const evaluator = createEvaluator(content, {
    today: () => '2026-11-21',
    newId: randomUUID,
    onFactError: (fact, error) => failures.push(`fact ${fact} failed: ${String(error)}`),
  })
  const stream = new Writable({
    write(line, _encoding, done) {
      failures.push(`logged ${line}`)
      done()
    },
  })
  return buildApp({
    elapsed: () => performance.now(),
    content,
    ...evaluator,
    logger: { level: 'error', stream },
    bodyLimit: content.site.limits['body-bytes'],
  })
}

async function templates(base: string): Promise<Surroundings['templates']> {
  const { services } = (await (await fetch(`${base}/cds-services`)).json()) as {
    services: { id: string; prefetch: Record<string, string> }[]
  }
  return Object.fromEntries(services.map(({ id, prefetch }) => [id, prefetch]))
}

/** With a reason of its own, because few of the charts have back pain. */
const draft = (name: string) => ({
  ...loadOrder(root, name),
  reasonCode: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.50' }] }],
})

async function send(client: Client, { service, body, call }: Post) {
  const { status, headers, text, ms } = await client.post(`/cds-services/${service.id}`, body, 10 * mostTime)
  expect(headers['content-type']).toMatch(/^application\/json/)
  expect(headers['cache-control']).toBe('no-store')
  const answer: unknown = JSON.parse(text)
  if (status !== 200) {
    assertUsefulRefusal(status, answer)
    return { status, rules: [], ms }
  }
  expect(call, 'what is no call was answered').toBeDefined()
  const { cards } = assertValidAnswer(answer, call)
  return { status, rules: cards.map(({ source }) => source.topic.code), ms }
}

const mistake = (error: unknown) => ({ mistake: error instanceof Error ? error.message : String(error) })

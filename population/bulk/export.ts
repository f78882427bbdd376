/**
 * A bulk export from a FHIR server (Bulk Data Access 2.0.0): asks for it, waits as long as the server says, and brings its
 * files. What was begun and brought stands beside the files: the same command goes on where an earlier one ended.
 */
import { join } from 'node:path'
import { bringFile } from './file.ts'
import { type Manifest, manifestIn, type Progress, readProgress, writeProgress } from './progress.ts'
import { Refused, type Remote } from './remote.ts'

interface BulkOptions {
  /** Base address of the FHIR server, without a slash at its end. */
  base: string
  /** Folder for the files. */
  out: string
  types: readonly string[]
  /** Of whom: the patients of this Group, or all of the server. */
  group?: string | undefined
  remote: Remote
  sleep: (ms: number) => Promise<void>
  say: (line: string) => void
}

/** In ms, where the server does not say. */
const firstPause = 1000
const longestPause = 60_000

/** Rejects with Refused, which says what to mend. */
export async function bulkExport(options: BulkOptions): Promise<void> {
  const { out, say } = options
  const asked = askedOf(options)
  const progress = readProgress(out, asked) ?? { asked, brought: {} }
  if (!progress.status) {
    progress.status = await begin(options, asked)
    writeProgress(out, progress)
  } else if (!progress.manifest) say('An export was begun before: its answer is waited for.')
  if (!progress.manifest) {
    progress.manifest = await waitFor(options, progress.status)
    writeProgress(out, progress)
  }
  await bringAll(options, progress, progress.manifest)
  // The server may forget it now; whether it does is its own affair.
  await options.remote.forget(progress.status)
}

function askedOf({ base, group, types }: BulkOptions): string {
  const place = group === undefined ? `${base}/$export` : `${base}/Group/${encodeURIComponent(group)}/$export`
  const query = new URLSearchParams({ _type: types.join(','), _outputFormat: 'application/fhir+ndjson' })
  return `${place}?${query}`
}

async function begin(options: BulkOptions, asked: string): Promise<string> {
  const reply = await patiently(options, () => options.remote.ask(asked, { prefer: 'respond-async' }))
  const place = reply.headers.get('content-location')
  if (reply.status !== 202 || place === null)
    throw new Refused(`The server did not begin an export: ${reply.status}${reply.said}`)
  const status = URL.parse(place, asked)
  if (status?.origin !== new URL(asked).origin)
    throw new Refused('The server says that the export is told of by another server. That is not followed.')
  return status.href
}

async function waitFor(options: BulkOptions, status: string): Promise<Manifest> {
  let pause = firstPause
  for (;;) {
    const reply = await patiently(options, () => options.remote.ask(status, {}))
    if (reply.status === 200) return manifestIn(reply.text, status)
    if (reply.status !== 202) throw new Refused(`The export failed: ${reply.status}${reply.said}`)
    const progress = reply.headers.get('x-progress')
    options.say(`The server is at work${progress === null ? '' : `: ${progress.slice(0, 100)}`}`)
    await options.sleep(reply.retryAfter ?? pause)
    pause = Math.min(pause * 2, longestPause)
  }
}

/** A server that has too much to do is asked again when it says; so often, and then no more. */
const mostAgain = 10

async function patiently<R extends { status: number; retryAfter: number | undefined }>(
  { sleep, say }: BulkOptions,
  ask: () => Promise<R>,
): Promise<R> {
  for (let times = 0; ; times++) {
    const reply = await ask()
    if ((reply.status !== 429 && reply.status !== 503) || times >= mostAgain) return reply
    say('The server asks for patience')
    await sleep(Math.min(reply.retryAfter ?? firstPause * 2 ** times, 10 * longestPause))
  }
}

async function bringAll(options: BulkOptions, progress: Progress, manifest: Manifest): Promise<void> {
  const { out, remote, say, sleep } = options
  const { output, requiresAccessToken } = manifest
  let bytes = Object.values(progress.brought).reduce((sum, each) => sum + each, 0)
  for (const [at, { type, url, count }] of output.entries()) {
    // Names of their own: what a server calls its files is no name for ours.
    const name = `${type}.${String(at + 1).padStart(3, '0')}.ndjson`
    if (progress.brought[name] === undefined) {
      const size = await bringFile({
        url,
        file: join(out, name),
        type,
        count,
        remote,
        requiresAccessToken,
        sleep,
      })
      progress.brought[name] = size
      bytes += size
      writeProgress(out, progress)
    }
    say(`${at + 1} of ${output.length} files, ${(bytes / 1e6).toFixed(1)} MB`)
  }
  if (manifest.errors > 0)
    say(`The server tells of ${manifest.errors} files of errors: what they name is not here.`)
}

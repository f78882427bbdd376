/**
 * Where the CPU of a request goes, from a profile of the warm server: in µs for a request. The samples say how large
 * each share is; of what, the clock of the process says, which stands still while others have the processor.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { table } from '../tests/support/table.ts'
import type { Body } from './bodies.ts'
import { saturate, warmUp } from './load.ts'
import { us } from './numbers.ts'
import type { CpuProfile } from './recorder.ts'
import { Server } from './server.ts'

const folder = join(import.meta.dirname, '.profiles')
const connections = 8

/** Writes `bench/.profiles/<body>.cpuprofile`, for the Performance panel of a browser, and sums it up. */
export async function profile(body: Body, seconds: number): Promise<string> {
  const server = await Server.start('lumbar')
  await warmUp(server, body.text, connections)
  await server.ask('record')
  const { cpu } = await saturate(server, body.text, connections, seconds)
  const recorded = await server.ask('recorded')
  await server.stop()
  mkdirSync(folder, { recursive: true })
  const file = `${body.name.replace(/\W/g, '').toLowerCase()}.cpuprofile`
  writeFileSync(join(folder, file), JSON.stringify(recorded))
  return `${body.name}, also in bench/.profiles/${file}\n\n${us(cpu)} of CPU for a request, of which\n\n${summary(recorded, cpu)}`
}

interface Place {
  part: string
  name: string
  isOurs: boolean
}

function summary({ nodes, samples = [], timeDeltas = [] }: CpuProfile, cpu: number): string {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
  const above = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  const busy = samples.flatMap((id, at) => {
    const place = places.get(id)
    return place && !outside.has(place.name) ? [{ id, place, took: timeDeltas[at] ?? 0 }] : []
  })
  const scale = cpu / busy.reduce((sum, { took }) => sum + took, 0)
  const parts = new Map<string, number>()
  const alone = new Map<string, number>()
  const withCallees = new Map<string, number>()
  for (const { id, place, took } of busy) {
    add(parts, place.part, took * scale)
    if (place.isOurs) add(alone, place.name, took * scale)
    for (const name of ourCallers(id, places, above)) add(withCallees, name, took * scale)
  }
  const sections = [
    ['by part', parts, 14],
    ['our functions, with all that they call', withCallees, 30],
    ['our functions alone', alone, 25],
  ] as const
  return sections.map(([title, times, most]) => `${title}\n${table(largest(times, most))}`).join('\n\n')
}

const outside: ReadonlySet<string> = new Set(['(idle)', '(root)'])

/** Each function of ours on the stack once, however often it is there. */
function ourCallers(id: number, places: ReadonlyMap<number, Place>, above: ReadonlyMap<number, number>) {
  const names = new Set<string>()
  for (let at: number | undefined = id; at !== undefined; at = above.get(at)) {
    const place = places.get(at)
    if (place?.isOurs) names.add(place.name)
  }
  return names
}

const largest = (times: Map<string, number>, most: number) =>
  [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name, took]) => [us(took).padStart(9), name])

function placeOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): Place {
  const name = functionName || '(anonymous)'
  const packaged = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url)?.[1]
  const own = packaged ? undefined : /\/((?:src|bench)\/.*)$/.exec(url)?.[1]
  if (own)
    return {
      part: own.split('/').slice(0, 2).join('/'),
      name: `${name} ${own}:${lineNumber + 1}`,
      isOurs: true,
    }
  const native = name.startsWith('RegExp') ? 'regular expressions' : name
  return { part: packaged ?? (url.startsWith('node:') ? 'node' : native), name, isOurs: false }
}

const add = (times: Map<string, number>, key: string, took: number) =>
  times.set(key, (times.get(key) ?? 0) + took)

/** `npm start`: Lumbar, and on a developer's own machine the mock EHR beside it. The service itself knows nothing of it. */

import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { todayIn } from '../src/calendar.ts'
import { openContent } from '../src/pathway/compiled.ts'
import type { Content } from '../src/pathway/content.ts'
import { modeOf, orSay, start } from '../src/server.ts'
import { isLoopback } from '../src/site/addresses.ts'
import { type Config, readConfig, refuseArguments } from '../src/site/environment.ts'

const root = join(import.meta.dirname, '..')

async function startWithSandbox(): Promise<void> {
  refuseArguments()
  const config = readConfig()
  const opened = await openContent(root, config.siteFile)
  const { content } = opened
  if (!isWanted(config, content)) return start({ config, opened })
  // The sandbox is an EHR that the service trusts, by its address: so the port is known before anything is opened.
  const port = config.port || (await freePort(config.host))
  const { openSandbox } = await import('./open.ts')
  const now = () => new Date()
  const beside = await openSandbox({
    root,
    isProduction: false,
    content,
    service: await addressOf(config.host, port),
    fhir: config.sandboxFhir,
    now,
    today: todayIn(content.site['time-zone'], now),
    stopwatch: () => performance.now(),
  })
  await start({ config: { ...config, port }, opened: { ...opened, content: besideSandbox(content) }, beside })
}

/** Only on a developer's own machine, and where there are callers only if somebody asks for it; else it is not even read. */
function isWanted(config: Config, { site }: Content): boolean {
  const isOn = config.sandbox === undefined ? !site.callers : config.sandbox === 'on'
  return modeOf(config, site) === 'development' && isLoopback(config.host) && isOn
}

/**
 * The sandbox's FHIR server is on this machine, and speaks plain http. A developer's machine is busy with other things:
 * nobody is sent away because it was slow for a moment.
 */
function besideSandbox({ site, ...content }: Content): Content {
  const fhir = { ...site.fhir, 'development-http': true }
  return { ...content, site: { ...site, fhir, limits: { ...site.limits, 'event-loop-delay-ms': 0 } } }
}

async function freePort(host: string): Promise<number> {
  const listener = createServer().listen(0, host)
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  listener.close()
  await once(listener, 'close')
  return port
}

/** As the service itself says where it listens. */
async function addressOf(host: string, port: number): Promise<string> {
  const { address, family } = await lookup(host)
  return `http://${family === 6 ? `[${address}]` : address}:${port}`
}

await orSay(startWithSandbox())

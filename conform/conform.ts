/**
 * `npm run conform -- <base URL>`: checks any CDS Hooks service and says what fails.
 * Ends with 1 when a MUST is broken, and with 2 when it could not be run.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Call, openCaller } from './calls.ts'
import { openClient } from './client.ts'
import { brokenMusts } from './findings.ts'
import { isObject } from './http.ts'
import { jsonOf, tableOf } from './report.ts'
import { checkService } from './run.ts'
import { Misunderstood, readSettings } from './settings.ts'
import { openIssuer } from './tokens.ts'

const usage = `npm run conform -- <base URL> [options]

  <base URL>          the address before /cds-services, such as http://127.0.0.1:3000
  --issuer <URL>      sign the calls as this issuer. On this machine its public key is served there
                      (http://127.0.0.1:4010/keys): list it at the service as iss and as jwks-url
  --key <file>        private JWK whose public half the service knows already, instead of serving one
  --audience <URL>    the base URL as the service knows itself, behind a proxy
  --request <file>    a whole request of your own (JSON), for its hook; may be given again
  --origin <origin>   a page that may call from a browser
  --fhir-port <port>  serve the invented patients as FHIR on this port of this machine: list
                      http://127.0.0.1:<port>/fhir at the service
  --quick             leave out the bodies without end (some 40 MB)
  --json              print everything as JSON`

const root = resolve(import.meta.dirname, '..')

/** The exit code. */
export async function conform(words: readonly string[], print: (text: string) => void): Promise<number> {
  const settings = readSettings(words)
  const { base, audience, keyFile, requestFiles } = settings
  const caller = openCaller(root, new Date().toISOString().slice(0, 10), requestFiles.map(readCall))
  const issuer = settings.issuer === undefined ? undefined : await openIssuer(settings.issuer, keyFile)
  try {
    const found = await checkService(openClient(base, audience, issuer), caller, settings)
    print(settings.json ? jsonOf(found) : tableOf(found))
    return brokenMusts(found.rows).length > 0 ? 1 : 0
  } finally {
    issuer?.close()
  }
}

/** Throws a plain Error in words. */
function readCall(file: string): Call {
  let read: unknown
  try {
    read = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON: ${(error as Error).message}`)
  }
  if (!isObject(read) || typeof read.hook !== 'string' || !isObject(read.context))
    throw new Error(`${file} is no call: it needs a hook and a context`)
  const { hookInstance: _, ...call } = read
  return {
    ...call,
    hook: read.hook,
    context: read.context,
    prefetch: isObject(read.prefetch) ? { ...read.prefetch } : {},
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await conform(process.argv.slice(2), console.log)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    console.error(error instanceof Misunderstood ? `${error.message}\n\n${usage}` : error.message)
    process.exitCode = 2
  }
}

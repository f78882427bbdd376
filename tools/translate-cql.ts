/** CQL to ELM, by the reference translator of HL7's community as it is published for JavaScript. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { SystemModelInfoProvider } from '@cqframework/cql/cql'
import {
  CqlTranslator,
  createModelInfoProvider,
  LibraryManager,
  ModelManager,
  stringAsSource,
} from '@cqframework/cql/cql-to-elm'

/** FHIR R4 as CQL sees it, as cql-exec-fhir brings it. */
const fhirModel = new URL('./modelInfos/fhir-modelinfo-4.0.1.xml', import.meta.resolve('cql-exec-fhir'))

/** Of what was translated before, by its digest: both libraries take some seconds. */
const kept = resolve(import.meta.dirname, '../var/cache/elm')

/** Throws with the translator's own words, by line. */
export function translate(cql: string): string {
  const file = join(kept, `${digestOf(cql)}.json`)
  try {
    return readFileSync(file, 'utf8')
  } catch {
    const elm = translated(cql)
    mkdirSync(kept, { recursive: true })
    // Another process may do the same now: whole files alone are found.
    const written = `${file}.${process.pid}`
    writeFileSync(written, elm)
    renameSync(written, file)
    return elm
  }
}

/** Of the text, of the translator, of this file and of the model: what the translation is made of. */
function digestOf(cql: string): string {
  const digest = createHash('sha256')
  const translator = new URL('./package.json', import.meta.resolve('@cqframework/cql/cql-to-elm'))
  for (const part of [
    cql,
    readFileSync(translator),
    readFileSync(import.meta.filename),
    readFileSync(fhirModel),
  ])
    digest.update(part)
  return digest.digest('hex').slice(0, 32)
}

function translated(cql: string): string {
  const models = new ModelManager()
  models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider())
  models.modelInfoLoader.registerModelInfoProvider(
    createModelInfoProvider((id) => (id === 'FHIR' ? stringAsSource(readFileSync(fhirModel, 'utf8')) : null)),
  )
  const elm = CqlTranslator.fromText(cql, new LibraryManager(models)).toJson()
  const { annotation = [] } = (JSON.parse(elm) as { library: { annotation?: Told[] } }).library
  const wrong = annotation.filter(
    ({ type, errorSeverity }) => type === 'CqlToElmError' && errorSeverity === 'error',
  )
  if (wrong.length > 0)
    throw new Error(wrong.map(({ startLine, message }) => `line ${startLine}: ${message}`).join('\n'))
  return JSON.stringify(JSON.parse(elm, (key, value) => (tellsOfText.has(key) ? undefined : value)))
}

/** Where in the text an expression stands, and its text again: two thirds of the ELM, and no part of what it means. */
const tellsOfText = new Set(['localId', 'locator', 'annotation'])

interface Told {
  type: string
  errorSeverity?: string
  startLine?: number
  message?: string
}

/** CQL to ELM, by the reference translator of HL7's community as it is published for JavaScript. */
import { readFileSync } from 'node:fs'
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

/** Throws with the translator's own words, by line. */
export function translate(cql: string): string {
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

/** CQL to ELM, by the reference translator of HL7's community as it is published for JavaScript. */
import { SystemModelInfoProvider } from '@cqframework/cql/cql'
import { CqlTranslator, LibraryManager, ModelManager } from '@cqframework/cql/cql-to-elm'

/** Throws with the translator's own words, by line. */
export function translate(cql: string): string {
  const models = new ModelManager()
  models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider())
  const elm = CqlTranslator.fromText(cql, new LibraryManager(models)).toJson()
  const { annotation = [] } = (JSON.parse(elm) as { library: { annotation?: Told[] } }).library
  const wrong = annotation.filter(
    ({ type, errorSeverity }) => type === 'CqlToElmError' && errorSeverity === 'error',
  )
  if (wrong.length > 0)
    throw new Error(wrong.map(({ startLine, message }) => `line ${startLine}: ${message}`).join('\n'))
  return elm
}

interface Told {
  type: string
  errorSeverity?: string
  startLine?: number
  message?: string
}

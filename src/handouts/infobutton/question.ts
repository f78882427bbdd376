/**
 * What an EHR asks with its infobutton: HL7 Context-Aware Knowledge Retrieval, URL-based implementation guide. EHRs send
 * much more, the patient's age and sex among it; nothing else is read.
 */
import { z } from 'zod'
import { LumbarError } from '../../errors.ts'

/** Kinds of answers, by what is asked for in `knowledgeResponseType`. */
const kinds = {
  'application/atom+xml': 'atom',
  'application/xml': 'atom',
  'text/xml': 'atom',
  'application/json': 'json',
  'text/html': 'html',
} as const

const names = {
  code: 'mainSearchCriteria.v.c',
  system: 'mainSearchCriteria.v.cs',
  display: 'mainSearchCriteria.v.dn',
  language: 'informationRecipient.languageCode.c',
  type: 'knowledgeResponseType',
} as const

export interface Question {
  code: string
  /** An OID, a URI or a name of a code system. */
  system: string
  display: string
  language: string | undefined
  kind: (typeof kinds)[keyof typeof kinds]
}

const asked = z.object({
  [names.code]: z.string().regex(/^[\w.-]{1,64}$/, 'must be a code such as M54.50'),
  [names.system]: z
    .string()
    .regex(/^[\w.:/-]{1,128}$/, 'must be a code system such as 2.16.840.1.113883.6.90'),
  [names.display]: z.string().max(500, 'must have at most 500 characters').default(''),
  [names.language]: z
    .string()
    .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'must be a language such as es')
    .optional(),
  [names.type]: z
    .string()
    .transform((type) => type.replace(/ /g, '+').replace(/;.*$/s, '').trim().toLowerCase())
    .pipe(
      z.enum(Object.keys(kinds) as (keyof typeof kinds)[], `must be one of ${Object.keys(kinds).join(', ')}`),
    )
    .default('application/atom+xml'),
})

/** @throws LumbarError `invalid-request` that names each parameter to be mended */
export function readQuestion(query: unknown): Question {
  const { success, data, error } = asked.safeParse(query)
  if (success) {
    return {
      code: data[names.code],
      system: data[names.system],
      display: data[names.display],
      language: data[names.language],
      kind: kinds[data[names.type]],
    }
  }
  const told = error.issues.map(({ path, code, message }) => {
    const name = String(path[0])
    const sent = typeof query === 'object' && query !== null && Object.hasOwn(query, name)
    if (!sent) return { name, message: 'is missing' }
    return { name, message: code === 'invalid_type' ? 'must be given once, as text' : message }
  })
  throw new LumbarError(
    'invalid-request',
    told.map(({ name, message }) => `${name} ${message}`).join('; '),
    told.map(({ name }) => name),
  )
}

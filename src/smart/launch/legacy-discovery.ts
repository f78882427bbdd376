/** Where servers of SMART 1.0 say how to sign in: an extension of their CapabilityStatement (specification 1.10). */
import { z } from 'zod'

const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris'

const extension = z.looseObject({ url: z.string(), valueUri: z.string().optional() })

const statement = z.looseObject({
  rest: z.array(
    z.looseObject({
      security: z
        .looseObject({
          extension: z.array(extension.extend({ extension: z.array(extension).optional() })).optional(),
        })
        .optional(),
    }),
  ),
})

/** In the words of a SMART configuration; undefined where the statement says nothing of it. */
export function configurationIn(capabilityStatement: unknown): Record<string, unknown> | undefined {
  const { data } = statement.safeParse(capabilityStatement)
  const found = data?.rest
    .flatMap(({ security }) => security?.extension ?? [])
    .find(({ url }) => url === oauthUris)
  const named = (name: string) => found?.extension?.find(({ url }) => url === name)?.valueUri
  const [authorize, token] = [named('authorize'), named('token')]
  if (authorize === undefined || token === undefined) return undefined
  // Such servers know the scopes of their time.
  return { authorization_endpoint: authorize, token_endpoint: token, capabilities: ['permission-v1'] }
}

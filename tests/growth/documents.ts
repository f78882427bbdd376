/** What an authorization server, a key server, an address, a token or feedback can bring, as cases that grow. */

import { LumbarError } from '../../src/errors.ts'
import { parseFeedback } from '../../src/hooks/feedback.ts'
import { addressRules } from '../../src/net/addresses.ts'
import { permits } from '../../src/record/fhir/reasons.ts'
import { followLink, trustServer } from '../../src/record/fhir/server.ts'
import { targetOf } from '../../src/record/reference.ts'
import { sameAddress } from '../../src/site/addresses.ts'
import { configurationSchema } from '../../src/smart/launch/discovery.ts'
import { responseSchema } from '../../src/smart/launch/token.ts'
import { contextSchema } from '../../src/smart/launch.ts'
import { readToken } from '../../src/trust/claims.ts'
import { keySet } from '../../src/trust/key-store.ts'
import { realContent } from '../support/evaluator.ts'
import { grown, kinds, phrase, sample, times, withAt } from './grow.ts'
import { type Case, case_ } from './measure.ts'
import { placesIn } from './zod-places.ts'

const bodyLimit = realContent().site.limits['body-bytes']

/** What an EHR's authorization server, its keys and its launch say, by the schemas that read them. */
export function inDocuments(): Case[] {
  const documents = {
    configuration: configurationSchema,
    'token response': responseSchema,
    context: contextSchema,
  }
  const limit = 262_144
  return [
    ...Object.entries(documents).flatMap(([name, schema]) =>
      [...placesIn(schema), ['more']].flatMap((path) =>
        kinds.map((kind) =>
          case_(`${name} ${path.join('.')}: ${kind}`, limit, (bytes) => {
            const body = withAt({}, path, grown(kind, bytes))
            return () => schema.safeParse(body)
          }),
        ),
      ),
    ),
    ...kinds.map((kind) =>
      case_(`key set: ${kind}`, limit, (bytes) => {
        const value = grown(kind, bytes)
        const keys = Array.isArray(value)
          ? value.map((each) => ({ ...each, kid: each.text, kty: 'RSA' }))
          : [{ kid: value }]
        return () => {
          try {
            return keySet({ keys })('RS384', 'none of these')
          } catch {
            return undefined
          }
        }
      }),
    ),
    ...kinds.map((kind) =>
      case_(`feedback: ${kind}`, 1_048_576, (bytes) => {
        const body = {
          feedback:
            kind === 'list'
              ? times(bytes, (n) => ({ card: phrase(n), ...sample(n) }))
              : [{ card: grown(kind, bytes), userComment: grown(kind, bytes) }],
        }
        return () => {
          try {
            return parseFeedback(body)
          } catch (error) {
            if (error instanceof LumbarError) return undefined
            throw error
          }
        }
      }),
    ),
  ]
}

/** Addresses, tokens and other words that stand in the head of a request, and are no longer than that. */
export function inWords(): Case[] {
  const pieces = [
    '/',
    'a',
    '.',
    '//a',
    '%2f',
    '-',
    ' ',
    '\n',
    '@',
    '?',
    '#',
    '=',
    '&',
    ',',
    'Patient/',
    '_history/',
    'patient/*.rs ',
  ]
  const mayConnect = addressRules({ 'allow-private': [], 'development-http': false })
  const server = { origin: 'https://ehr.example', path: '/fhir' }
  const readers: Readonly<Record<string, (text: string) => unknown>> = {
    'a server': (text) =>
      trustServer(`https://ehr.example/${text}`, ['https://ehr.example/fhir'], mayConnect, false),
    'a link': (text) =>
      followLink(server, `https://ehr.example/fhir?${text}`, new URL('https://ehr.example/fhir')),
    'a reference': targetOf,
    'an issuer': sameAddress,
    'a token': (text) => readToken(`Bearer ${text}.${text}.${text}`),
    'a header': (text) => readToken(text),
    'a scope': (text) => permits(text, 'Condition', 'search'),
  }
  return Object.entries(readers).flatMap(([name, read]) =>
    pieces.map((piece) =>
      case_(`${name} of ${JSON.stringify(piece)}`, bodyLimit, (bytes) => {
        const text = piece.repeat(bytes / piece.length)
        return () => {
          try {
            return read(text)
          } catch {
            // Refused is as good as read.
            return undefined
          }
        }
      }),
    ),
  )
}

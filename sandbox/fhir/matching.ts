/** What one search parameter asks of a resource. A comma means or; a backslash takes the meaning from what follows. */
import type { FhirResource } from 'fhir/r4.js'
import { isObject, valuesAt } from './elements.ts'
import { FhirFailure, quoted } from './failures.ts'
import type { Parameter } from './parameters.ts'
import { dateTest, spanOfValue } from './spans.ts'

export type Test = (resource: FhirResource) => boolean

type ValueTest = (value: unknown) => boolean

/** Throws a FhirFailure for a modifier or a value that it cannot apply. */
export function compileTest(
  name: string,
  modifier: string | undefined,
  text: string,
  parameter: Parameter,
): Test {
  const choices = splitUnescaped(text, ',').filter((choice) => choice !== '')
  if (choices.length === 0) throw new FhirFailure(400, `The parameter ${quoted(name)} has no value.`)
  const tests = choices.map((choice) => compilers[parameter.kind](choice, modifier, { parameter, name }))
  const hasSome: Test = (resource) =>
    parameter.paths.some((path) =>
      valuesAt(resource, path).some((value) => tests.some((test) => test(value))),
    )
  return parameter.kind === 'token' && modifier === 'not' ? (resource) => !hasSome(resource) : hasSome
}

type Compiler = (
  choice: string,
  modifier: string | undefined,
  about: { name: string; parameter: Parameter },
) => ValueTest

const compilers: Readonly<Record<Parameter['kind'], Compiler>> = {
  token: (choice, modifier, { name }) => {
    allowModifiers(name, modifier, ['not'])
    const [first = '', second] = splitUnescaped(choice, '|').map(unescaped)
    const [system, code] = second === undefined ? [undefined, first] : [first, second]
    return (value) =>
      tokensIn(value).some(
        (token) =>
          (code === '' || token.code === code) &&
          (system === undefined || (token.system ?? (token.isCoded ? '' : system)) === system),
      )
  },
  // Those that are kept are relative; one with an address finds nothing, on HAPI too.
  reference: (choice, modifier, { name, parameter }) => {
    allowModifiers(name, modifier, ['Patient', 'Encounter', 'Practitioner', 'Organization'])
    const target = modifier ?? parameter.target
    const asked = unescaped(choice).split('/')
    const [type = target, id] = asked.length > 1 ? asked : [target, asked[0]]
    return (value) => {
      if (!isObject(value) || typeof value.reference !== 'string') return false
      const [kind, key] = value.reference.split('/')
      return key === id && (type === undefined || kind === type)
    }
  },
  date: (choice, modifier, { name }) => {
    allowModifiers(name, modifier, [])
    const test = dateTest(choice)
    if (!test) throw new FhirFailure(400, `${quoted(choice)} is no date that ${quoted(name)} can look for.`)
    return (value) => {
      const span = spanOfValue(value)
      return span !== undefined && test(span)
    }
  },
  string: (choice, modifier, { name }) => {
    allowModifiers(name, modifier, ['exact', 'contains'])
    const asked = unescaped(choice)
    if (modifier === 'exact') return (value) => stringsIn(value).includes(asked)
    const sought = folded(asked)
    return (value) =>
      stringsIn(value).some((text) =>
        modifier ? folded(text).includes(sought) : folded(text).startsWith(sought),
      )
  },
  uri: (choice, modifier, { name }) => {
    allowModifiers(name, modifier, [])
    const asked = unescaped(choice)
    // A canonical may end in |version.
    return (value) => typeof value === 'string' && (value === asked || value.startsWith(`${asked}|`))
  },
}

function allowModifiers(name: string, modifier: string | undefined, allowed: readonly string[]): void {
  if (modifier === undefined || allowed.includes(modifier)) return
  throw new FhirFailure(400, `The parameter ${quoted(name)} does not know the modifier ${quoted(modifier)}.`)
}

interface Token {
  system: string | undefined
  code: unknown
  /** Its system is its own, and not implied by the element. */
  isCoded: boolean
}

/** A code, a Coding, a CodeableConcept, an Identifier or a ContactPoint. */
function tokensIn(value: unknown): Token[] {
  if (!isObject(value)) return [{ system: undefined, code: String(value), isCoded: false }]
  if (Array.isArray(value.coding)) return value.coding.flatMap(tokensIn)
  const system = typeof value.system === 'string' ? value.system : undefined
  return [{ system, code: value.code ?? value.value, isCoded: true }]
}

/** Of a HumanName all parts. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (!isObject(value)) return []
  return [value.text, value.family, value.given, value.prefix, value.suffix]
    .flat()
    .filter((part) => typeof part === 'string')
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

function splitUnescaped(text: string, separator: ',' | '|'): string[] {
  const parts = ['']
  for (const piece of text.match(/\\.|[^\\]|\\$/gs) ?? []) {
    if (piece === separator) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts
}

const unescaped = (text: string) => text.replace(/\\(.)/gs, '$1')

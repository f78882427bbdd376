/** The CapabilityStatement: what the server says of itself, from the same tables that it works by. */
import type { CapabilityStatement, CapabilityStatementRestSecurity } from 'fhir/r4.js'
import { type KeptType, keptTypes, parametersOf } from './parameters.ts'

interface Described {
  /** Absolute. */
  base: string
  /** ISO time. */
  since: string
  security?: CapabilityStatementRestSecurity | undefined
}

export function capabilityStatement({ base, since, security }: Described): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: since,
    kind: 'instance',
    software: { name: 'Lumbar sandbox' },
    implementation: {
      description: 'FHIR server for development, in memory, with invented patients',
      url: base,
    },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        ...(security ? { security } : {}),
        resource: keptTypes.map(describeType),
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
      },
    ],
  }
}

function describeType(type: KeptType) {
  const parameters = Object.entries(parametersOf(type) ?? {})
  const includes = parameters.flatMap(([name, { kind }]) => (kind === 'reference' ? [`${type}:${name}`] : []))
  return {
    type,
    interaction: (['read', 'vread', 'create', 'update', 'search-type'] as const).map((code) => ({ code })),
    versioning: 'versioned' as const,
    readHistory: false,
    updateCreate: true,
    conditionalCreate: true,
    ...(includes.length > 0 ? { searchInclude: includes } : {}),
    searchParam: parameters.map(([name, { kind }]) => ({ name, type: kind })),
  }
}

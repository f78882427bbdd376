/** Results as FHIR MeasureReports, one a measure: a summary, with the groups as stratifiers. Hidden cells are masked. */
import type { MeasureReport, MeasureReportGroup } from 'fhir/r4.js'
import type { Dimension, Group, MeasureResult, VariantResult } from '../../src/quality/results.ts'

const population = 'http://terminology.hl7.org/CodeSystem/measure-population'
const absent = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason'
/** Clinicians are not told to others. */
const told: readonly Dimension[] = ['race', 'ethnicity', 'language', 'payer', 'sex', 'age', 'place', 'clinic']

export function measureReport(
  { measure, variants }: MeasureResult,
  from: string,
  until: string,
): MeasureReport {
  const notation = { higher: 'increase', lower: 'decrease', neither: undefined }[measure.direction]
  return {
    resourceType: 'MeasureReport',
    id: `lumbar-${measure.id}-${from}-${until}`,
    status: 'complete',
    type: 'summary',
    measure: `urn:lumbar:measure:${measure.id}`,
    period: { start: from, end: until },
    ...(notation
      ? {
          improvementNotation: {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/measure-improvement-notation',
                code: notation,
              },
            ],
          },
        }
      : {}),
    group: variants.map(groupOf),
  }
}

function groupOf({ variant, all, groups }: VariantResult): MeasureReportGroup {
  return {
    code: { text: variant },
    population: populations(all),
    ...score(all),
    stratifier: told.flatMap((by) => {
      const list = groups.get(by) ?? []
      if (list.length === 0) return []
      return [
        {
          code: [{ text: by }],
          stratum: list.map((group) => ({
            value: { text: group.value },
            population: populations(group),
            ...score(group),
          })),
        },
      ]
    }),
  }
}

const masked = { extension: [{ url: absent, valueCode: 'masked' as const }] }

function populations({ part, of, hidden }: Group) {
  return [
    ['denominator', of],
    ['numerator', part],
  ].map(([code, count]) => ({
    code: { coding: [{ system: population, code: String(code) }] },
    ...(hidden ? { _count: masked } : { count: Number(count) }),
  }))
}

const score = ({ share, hidden }: Group) =>
  hidden || share === undefined
    ? {}
    : {
        measureScore: {
          value: Number((share * 100).toFixed(2)),
          unit: '%',
          system: 'http://unitsofmeasure.org',
          code: '%',
        },
      }

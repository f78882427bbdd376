/** The exported definitions are valid R4, says HAPI's `$validate`. */
import type { FhirResource } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { valueSetUrl } from '../../src/export/about.ts'
import { chartInCql } from '../../src/export/chart.ts'
import { rulesInCql } from '../../src/export/cql.ts'
import { definitionsOf } from '../../src/export/resources.ts'
import { meanings } from '../../tools/exportable.ts'
import { realContent } from '../support/evaluator.ts'
import { describeWithHapi } from './support.ts'
import { validatorAt } from './validator.ts'

/** Of what there are hundreds, so many. */
const few = 3

describeWithHapi('HAPI validates the exported definitions', ({ base }) => {
  const complaintsAbout = validatorAt(base)
  const content = realContent()
  // ELM is a text to FHIR: the translator's seconds are spent in tests/export.
  const rules = rulesInCql(content)
  const chart = chartInCql(content, rules.parameters, valueSetUrl)
  const all = definitionsOf(
    content,
    { rules, chart, elm: { rules: '{}', chart: '{}' }, means: meanings() },
    { date: '2026-11-21' },
  )
  const small = all.filter(({ resourceType }) => resourceType !== 'ValueSet')
  const sets = all.filter(({ resourceType }) => resourceType === 'ValueSet').slice(0, few)

  test.each(
    [...small, ...sets].map((each): [string, FhirResource] => [`${each.resourceType}/${each.id}`, each]),
  )('%s', async (_name, resource) => {
    const complaints = await complaintsAbout(resource)
    // HAPI brings no licensed terminologies. R4 has an extensible binding for languages of expressions, and not yet the word by
    // which guides of clinical reasoning, and HAPI's own engine, name a define (recalled, not read again).
    const known = [
      /references CodeSystem .* status 'not-present'/,
      /Unknown code 'http:\/\/hl7\.org\/fhir\/expression-language#text\/cql-identifier' at PlanDefinition\.action\[\d+\]\.condition\[0\]\.expression\.language$/,
    ]
    expect(complaints.filter((each) => !known.some((pattern) => pattern.test(each)))).toEqual([])
  })
})

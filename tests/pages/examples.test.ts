/** The examples that clinicians read: the case in words, and what was really shown. */
import { describe, expect, it } from 'vitest'
import { tellCase } from '../../src/cli/examples/collect.ts'
import { readVignettes } from '../../src/cli/vignettes.ts'
import { readExamples } from '../../src/pathway/examples.ts'
import { readVignette } from '../language/vignette.ts'
import { realContent, root } from '../support/evaluator.ts'

const content = realContent()
const vignettes = readVignettes(root)

describe('The written examples', () => {
  it('hold every vignette, and say of each what was shown or why nothing was', () => {
    const { examples } = readExamples(root)
    expect(examples.map(({ name }) => name)).toEqual(vignettes.map(({ vignette }) => vignette))
    expect(examples.filter(({ cards, silence }) => cards.length > 0 === silence.length > 0)).toEqual([])
  })

  it('keep the face of each card once', () => {
    const faces = readExamples(root).examples.flatMap(({ cards }) =>
      cards.flatMap(({ rule, face }) => (face ? rule : [])),
    )
    expect(faces.filter((rule, at) => faces.indexOf(rule) !== at)).toEqual([])
    expect(faces).toContain('IM01')
  })
})

describe('A case in words', () => {
  const tell = tellCase(content)
  const usual = {
    vignette: 'L999',
    title: 'A case for this test',
    rule: 'IM01',
    side: 'fires',
    patient: { age: 34 },
    orders: [{ imaging: { code: 'cpt 72148', reason: 'icd10 M54.50' } }],
    expect: { cards: [] },
  }
  const told = (change: object) => tell(readVignette({ ...usual, ...change }))

  it('says who, what and when', () => {
    expect(
      told({
        chart: [
          { problem: { code: 'icd10 M54.50', onset: '9 days ago', at: 'this visit', note: 'Lifted boxes' } },
          { medicine: { code: 'rxnorm 1049221', take: '1 every 6 hours', days: 3, started: '2 days ago' } },
          { observation: { code: 'loinc 8310-5', value: 38.5, unit: 'Cel', on: 'today' } },
          { coverage: { payer: 'A plan' } },
        ],
      }),
    ).toMatchObject({
      patient: 'A 34-year-old woman.',
      chart: [
        'Problem: Low back pain, unspecified (ICD-10-CM M54.50), began 9 days ago, a diagnosis of this visit, note: “Lifted boxes”.',
        expect.stringMatching(
          /^Prescribed: .*oxycodone.* \(RxNorm 1049221\), started 2 days ago, take 1 every 6 hours, 3 days of supply\.$/,
        ),
        expect.stringMatching(/^Observed: Body temperature \(LOINC 8310-5\), 38\.5 Cel, today\.$/),
        'Insurance: A plan.',
      ],
      orders: ['Drafted: MR lumbar without (CPT 72148), for Low back pain, unspecified (ICD-10-CM M54.50).'],
      circumstances: [],
    })
  })

  it.each([
    [{ age: 8, sex: 'male' }, 'An 8-year-old boy.'],
    [{ age: 81, sex: 'male' }, 'An 81-year-old man.'],
    [{ age: 17, birthday: 'tomorrow' }, 'A 17-year-old girl, whose birthday is tomorrow.'],
    [{ age: 'unknown', sex: 'unknown' }, 'A person without a birth date.'],
  ])('says of %j: %s', (patient, said) => {
    expect(told({ patient }).patient).toBe(said)
  })

  it('says what did not come, and what the site has set', () => {
    const { circumstances } = told({
      missing: ['conditions'],
      truncated: ['observations'],
      site: { 'prior-authorization': ['A plan'] },
      hook: 'order-select',
    })
    expect(circumstances).toEqual([
      'Asked while the orders are chosen, before they are signed.',
      'Problems and diagnoses did not come.',
      'Measurements and results came in part only.',
      'Set by the site: payers that ask for prior authorization are “A plan”.',
    ])
  })
})

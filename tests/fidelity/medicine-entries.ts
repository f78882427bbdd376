/** Puts a medicine into a chart: as an order, a reported home medicine, a statement or a dispense, by code, brand or words. */
import type { CodeableConcept, Dosage, FhirResource } from 'fhir/r4.js'
import { addDays } from '../language/when.ts'
import type { Random } from '../support/random.ts'
import { type Chart, subject, today } from './chart.ts'
import { aliases, systems } from './spelling.ts'
import type { Medicine } from './vocabulary.ts'

interface Taken {
  system: string
  place: string
  date: string
}

type Style = 'coded' | 'rough'

interface Course {
  /** Days ago on which it began, and for how long it was supplied, refills included. */
  began: number
  days: number
  status?: 'active' | 'completed' | 'stopped'
}

const ndc = 'http://hl7.org/fhir/sid/ndc'

interface Product {
  way: string
  concept: CodeableConcept
}

type Coded = Pick<Medicine, 'scd' | 'sbd' | 'in' | 'ndc' | 'words' | 'brand'>

export function productOf(medicine: Coded, style: Style, random: Random): Product {
  const rxnorm = [
    ...(medicine.scd ? [{ way: 'rxnorm', code: medicine.scd }] : []),
    ...(medicine.sbd ? [{ way: 'rxnorm brand', code: medicine.sbd }] : []),
    ...(medicine.in && !medicine.scd ? [{ way: 'rxnorm ingredient', code: medicine.in }] : []),
  ]
  const words = random.pick(medicine.words)
  if (style === 'coded' && (rxnorm.length > 0 || medicine.ndc)) {
    const ways = [...rxnorm, ...(medicine.ndc ? [{ way: 'ndc', code: medicine.ndc }] : [])]
    const { way, code } = random.pick(ways)
    const coding = {
      system: way === 'ndc' ? ndc : systems.rxnorm,
      code,
      ...(random.chance(0.5) ? { display: words } : {}),
    }
    return { way, concept: { coding: [coding], ...(random.chance(0.4) ? { text: words } : {}) } }
  }
  const brand = medicine.brand && random.chance(0.5) ? random.pick(medicine.brand) : undefined
  const said = brand ?? words
  const known = random.pick(rxnorm.length > 0 ? rxnorm : [{ way: 'words', code: '' }])
  switch (random.pick(['words', 'local', 'alias', 'ndc'])) {
    case 'alias': {
      if (known.code === '') break
      const alias = random.pick(aliases.rxnorm)
      return {
        way: 'alias',
        concept: { coding: [{ ...(alias ? { system: alias } : {}), code: known.code, display: said }] },
      }
    }
    case 'local':
      return {
        way: brand ? 'brand words' : 'local code',
        concept: {
          coding: [
            {
              system: 'urn:oid:1.2.840.114350.1.13.999.2.7.2.698288',
              code: `${random.below(99_999)}`,
              display: said,
            },
          ],
          text: said,
        },
      }
    case 'ndc': {
      if (!medicine.ndc) break
      const dashed = `${medicine.ndc.slice(0, 5)}-${medicine.ndc.slice(5, 9)}-${medicine.ndc.slice(9)}`
      return {
        way: 'ndc',
        concept: {
          coding: [
            {
              system: random.pick([ndc, 'NDC', 'urn:oid:2.16.840.1.113883.6.69']),
              code: random.pick([medicine.ndc, dashed]),
            },
          ],
        },
      }
    }
  }
  return { way: brand ? 'brand words' : 'words', concept: { text: said } }
}

export function putMedicine(
  chart: Chart,
  medicine: Medicine,
  course: Course,
  style: Style,
  random: Random,
): Taken {
  const { way, concept } = productOf(medicine, style, random)
  const started = addDays(today, -course.began)
  const place = random.pick(
    style === 'coded'
      ? ['order', 'order', 'reported home medicine', 'dispense', 'order by reference']
      : ['order', 'reported home medicine', 'statement', 'dispense', 'order by reference'],
  )
  const fill = Math.min(course.days, 30)
  const refills = Math.max(0, Math.ceil(course.days / fill) - 1)
  const quantity = { value: Math.max(1, Math.round(medicine.daily * fill * 100) / 100) }
  const dosageInstruction = dosageOf(medicine, style)
  const isOver = course.began > course.days
  const status = course.status ?? (isOver ? 'completed' : 'active')
  if (place === 'dispense') {
    for (let n = 0; n <= refills; n += 1) {
      const on = course.began - n * fill
      if (on < 0) break
      chart.add({
        resourceType: 'MedicationDispense',
        id: chart.id('dispense'),
        status: 'completed',
        medicationCodeableConcept: concept,
        subject,
        whenHandedOver: addDays(today, -on),
        quantity,
        daysSupply: { value: fill, unit: 'days' },
        dosageInstruction,
      })
    }
    return { system: way, place, date: 'onset and recorded' }
  }
  if (place === 'statement') {
    chart.add({
      resourceType: 'MedicationStatement',
      id: chart.id('statement'),
      status: status === 'active' ? 'active' : 'completed',
      medicationCodeableConcept: concept,
      subject,
      effectivePeriod: {
        start: started,
        ...(isOver ? { end: addDays(today, course.days - course.began) } : {}),
      },
      dosage: dosageInstruction,
    })
    return { system: way, place, date: 'onset and recorded' }
  }
  const product =
    place === 'order by reference'
      ? byReference(chart, concept, style)
      : { medicationCodeableConcept: concept }
  const reported = place === 'reported home medicine'
  chart.add({
    resourceType: 'MedicationRequest',
    id: chart.id('medicine'),
    status,
    intent: reported ? 'plan' : 'order',
    ...(reported ? { reportedBoolean: true } : {}),
    ...product,
    subject,
    authoredOn: started,
    dosageInstruction,
    // A home medicine that somebody reported has no supply: it is taken until somebody says otherwise.
    ...(reported
      ? {}
      : {
          dispenseRequest: {
            numberOfRepeatsAllowed: refills,
            quantity,
            expectedSupplyDuration: {
              value: fill,
              unit: 'days',
              system: 'http://unitsofmeasure.org',
              code: 'd',
            },
          },
        }),
  } as FhirResource)
  return { system: way, place, date: 'onset and recorded' }
}

/** Contained, as some write it; or elsewhere, with nothing of it here but what the reference displays. */
function byReference(chart: Chart, code: CodeableConcept, style: Style) {
  const display = code.text ?? code.coding?.find((coding) => coding.display)?.display
  if (style === 'rough' && display)
    return { medicationReference: { reference: `Medication/${chart.id('elsewhere')}`, display } }
  const id = chart.id('product')
  return {
    contained: [{ resourceType: 'Medication' as const, id, code }],
    medicationReference: { reference: `#${id}` },
  }
}

function dosageOf({ sig }: Medicine, style: Style): Dosage[] {
  return [
    {
      text: sig,
      ...(style === 'coded'
        ? { route: { text: sig.startsWith('Inject') || sig.startsWith('Infuse') ? 'injection' : 'oral' } }
        : {}),
    },
  ]
}

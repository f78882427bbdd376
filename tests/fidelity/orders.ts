/** The draft order of the call: an imaging study or an opioid, coded, branded or in words, and its reason. */
import type { MedicationRequest, ServiceRequest } from 'fhir/r4.js'
import type { Random } from '../support/random.ts'
import { type Chart, subject, today } from './chart.ts'
import { productOf } from './medicine-entries.ts'
import { aliases, spell, systems } from './spelling.ts'
import { type DraftProduct, imagingOrders, opioidOrders, type Sig, type Study } from './vocabulary.ts'

type Style = 'coded' | 'rough'
export type Priority = 'routine' | 'urgent' | 'stat'

const about = (chart: Chart) => ({
  intent: 'order' as const,
  status: 'draft' as const,
  subject,
  encounter: { reference: 'Encounter/this-visit' },
  authoredOn: today,
  ...(chart.reasonCode.length > 0 ? { reasonCode: [...chart.reasonCode] } : {}),
  ...(chart.reasonReference.length > 0 ? { reasonReference: [...chart.reasonReference] } : {}),
  ...(chart.notes.length > 0 ? { note: chart.notes.map((text) => ({ text })) } : {}),
})

export function draftImaging(
  chart: Chart,
  study: Study,
  priority: Priority,
  style: Style,
  random: Random,
): { order: ServiceRequest; system: string } {
  const { system, code } = studyCode(study, style, random)
  const said = priority === 'routine' && random.chance(0.5) ? {} : { priority }
  return {
    order: { resourceType: 'ServiceRequest', id: 'draft-1', ...about(chart), ...said, code },
    system,
  }
}

function studyCode(study: Study, style: Style, random: Random) {
  if (style === 'coded') {
    const { way, concept } = spell(study, 'coded', random) ?? {
      way: 'words',
      concept: { text: study.words[0] },
    }
    return { system: way, code: concept }
  }
  if (study.cpt !== undefined && random.chance(0.3)) {
    const written = random.chance(0.5) ? `${study.cpt}${random.pick(imagingOrders.modifiers)}` : study.cpt
    const system = random.pick([systems.cpt, ...aliases.cpt.filter((each) => each !== '')])
    return {
      system: 'cpt, modifier or alias',
      code: { coding: [{ system, code: written, display: random.pick(study.words) }] },
    }
  }
  const { way, concept } = spell(study, 'rough', random) ?? {
    way: 'words',
    concept: { text: study.words[0] },
  }
  return { system: way, code: concept }
}

export interface OpioidDraft {
  order: MedicationRequest
  system: string
  /** Morphine equivalents a day by hand, and the supply as drafted. */
  mme: number
  supply: number
  release: DraftProduct['release']
}

export function draftOpioid(
  chart: Chart,
  wanted: { product: DraftProduct; sig: Sig; supply: number },
  style: Style,
  random: Random,
): OpioidDraft {
  const { product, sig, supply } = wanted
  const { way, concept } = productOf(product, style, random)
  const inWords = style === 'rough' && random.chance(0.5)
  const perDay = sig.units * sig.times
  const unit = product.patch ? 'patch' : 'tablet'
  const structured = {
    timing: { repeat: { frequency: 1, period: sig.period[0], periodUnit: sig.period[1] as 'h' | 'd' } },
    doseAndRate: [{ doseQuantity: { value: sig.units, unit } }],
  }
  const words = random.pick(sig.words)
  return {
    order: {
      resourceType: 'MedicationRequest',
      id: 'draft-1',
      ...about(chart),
      medicationCodeableConcept: concept,
      dosageInstruction: [{ text: words, ...(inWords ? {} : structured) }],
      dispenseRequest: {
        quantity: { value: Math.ceil(perDay * supply), unit },
        ...(inWords && random.chance(0.5)
          ? {}
          : {
              expectedSupplyDuration: {
                value: supply,
                unit: 'days',
                system: 'http://unitsofmeasure.org',
                code: 'd',
              },
            }),
      },
    },
    system: inWords ? `${way}, sig in words` : way,
    mme: product.patch ? product.strength * product.factor : perDay * product.strength * product.factor,
    supply,
    release: product.release,
  }
}

export const patchSig = opioidOrders['patch-sig']

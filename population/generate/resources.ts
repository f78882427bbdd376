/** A plan as FHIR, as a hospital's bulk export has it: every resource under its type, references between them. */
import type { FhirResource } from 'fhir/r4.js'
import { at, Chart, concept, dayText, hl7, systems } from './chart.ts'
import { type Clinician, type Person, payers } from './people.ts'
import { type Episode, localSystem, type Plan, sedative } from './plan.ts'

const usCore = 'http://hl7.org/fhir/us/core/StructureDefinition'

export function clinicianResources(clinicians: readonly Clinician[]): FhirResource[] {
  const clinics = [...new Set(clinicians.map(({ clinic }) => clinic))]
  return [
    ...clinics.map((id) => ({
      resourceType: 'Organization' as const,
      id,
      name: `Example ${id.replace('-', ' ')}`,
    })),
    ...clinicians.map(({ id }) => ({
      resourceType: 'Practitioner' as const,
      id,
      name: [{ family: 'Invented', given: [id] }],
    })),
  ]
}

export function resourcesOf(plan: Plan): FhirResource[] {
  const { person, episode, notClean, otherVisit } = plan
  const made: FhirResource[] = [patientOf(person, episode?.index ?? otherVisit)]
  const index = episode?.index ?? otherVisit
  if (plan.coverage !== 'none') made.push(coverageOf(plan, index))
  const chart = new Chart(person, made)
  if (!episode) {
    if (notClean) {
      chart.visit('earlier', index - 100, false, 'M54.50', 'Low back pain, unspecified', 0, true)
      chart.visit('later', index, false, 'M54.50', 'Low back pain, unspecified', 0, true)
    } else chart.visit('other', index, false, 'I10', 'Essential hypertension', 0, true)
    return made
  }
  writeEpisode(chart, episode)
  return made
}

function patientOf(
  { id, age, sex, race, ethnicity, language, empaneled }: Person,
  index: number,
): FhirResource {
  const omb = (url: string, { code, display }: { code: string | undefined; display: string }) =>
    code === undefined
      ? []
      : [
          {
            url: `${usCore}/${url}`,
            extension: [
              {
                url: 'ombCategory',
                valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code, display },
              },
              { url: 'text', valueString: display },
            ],
          },
        ]
  const extension = [...omb('us-core-race', race), ...omb('us-core-ethnicity', ethnicity)]
  return {
    resourceType: 'Patient',
    id,
    // FHIR has no empty list.
    ...(extension.length > 0 ? { extension } : {}),
    gender: sex,
    // A hundred days after the birthday at the index visit, so that no age changes within its windows.
    birthDate: dayText(Math.floor(index - age * 365.25 - 100)),
    name: [{ family: 'Invented', given: [id] }],
    communication: [
      { language: { coding: [{ system: 'urn:ietf:bcp:47', code: language }] }, preferred: true },
    ],
    generalPractitioner: [{ reference: `Practitioner/${empaneled.id}` }],
  }
}

function coverageOf({ person, coverage }: Plan, index: number): FhirResource {
  const { code, name } = payers.find((each) => each === person.payer) ?? payers[0]
  return {
    resourceType: 'Coverage',
    id: `coverage-${person.number}`,
    status: 'active',
    type: { coding: [{ system: 'https://nahdo.org/sopt', code }] },
    beneficiary: { reference: `Patient/${person.id}` },
    payor: [{ display: name }],
    period: {
      start: dayText(coverage === 'begins-late' ? index - 60 : index - 400),
      end: dayText(index + 500),
    },
  }
}

function writeEpisode(chart: Chart, episode: Episode): void {
  const { index, pain, onset } = episode
  const reason = concept(systems.icd10, pain.code, pain.words)
  if (episode.flag) {
    const { flag, before } = episode.flag
    chart.condition(chart.id('problem'), flag.code, flag.words, index - before, index - before)
  }
  const visit = chart.visit(
    'index',
    index,
    episode.emergency,
    pain.code,
    pain.words,
    onset,
    episode.principal,
  )
  const { regular, handCare } = episode
  if (regular)
    for (const days of [400, 700])
      chart.visit(`before-${days}`, index - days, false, 'I10', 'Essential hypertension', 0, true, regular)
  if (handCare)
    chart.procedure('hand-care', index + handCare.day, systems.cpt, handCare.kind.cpt, handCare.kind.words)
  for (const day of episode.followUps)
    chart.visit('followup', index + day, false, pain.code, pain.words, onset + day, true)
  if (episode.emergencyReturn !== undefined) {
    const day = episode.emergencyReturn
    chart.visit('return', index + day, true, pain.code, pain.words, onset + day, true)
  }
  if (episode.education) {
    chart.add({
      resourceType: 'Communication',
      id: chart.id('handout'),
      language: episode.education.language,
      status: 'completed',
      category: [{ coding: [{ system: `${hl7}/communication-category`, code: 'instruction' }] }],
      subject: chart.subject,
      encounter: { reference: visit },
      sent: at(index, '16:35'),
      payload: [{ contentString: 'Low back pain: staying active' }],
    })
  }
  writeImaging(chart, episode, reason)
  writeMedicines(chart, episode, reason)
  const { therapy } = episode
  if (therapy) {
    const code = concept(systems.snomed, '308447003', 'Referral to physiotherapist')
    chart.order('referral-therapy', index + therapy.day, code, reason)
    if (therapy.firstVisit !== undefined) {
      chart.procedure(
        'therapy-1',
        index + therapy.firstVisit,
        systems.cpt,
        '97161',
        'Physical therapy evaluation',
      )
      for (const n of [2, 3])
        chart.procedure(
          `therapy-${n}`,
          index + therapy.firstVisit + 4 * (n - 1),
          systems.cpt,
          '97110',
          'Therapeutic exercise',
        )
    }
  }
  if (episode.surgeon !== undefined)
    chart.order(
      'referral-surgeon',
      index + episode.surgeon,
      concept(systems.snomed, '308481009', 'Referral to orthopedic surgeon'),
      reason,
    )
  if (episode.injection !== undefined)
    chart.procedure('injection', index + episode.injection, systems.cpt, '62323', 'Lumbar epidural injection')
  if (episode.serious) {
    const { finding, day } = episode.serious
    chart.condition(chart.id('serious'), finding.code, finding.words, index + day, index + day)
  }
}

function writeImaging(chart: Chart, { index, imaging }: Episode, reason: object): void {
  if (!imaging) return
  const { study, local } = imaging
  const code = local
    ? concept(localSystem, local.code, local.words)
    : imaging.byLoinc
      ? concept(systems.loinc, study.loinc, study.words)
      : concept(systems.cpt, study.cpt, study.words)
  chart.order('imaging', index + imaging.day, code, reason)
  if (imaging.performed === undefined) return
  chart.procedure(
    'imaging-done',
    index + imaging.performed,
    local ? localSystem : systems.cpt,
    local ? local.code : study.cpt,
    local ? local.words : study.words,
    { reasonCode: [reason], basedOn: [{ reference: `ServiceRequest/${chart.id('imaging')}` }] },
  )
}

function writeMedicines(chart: Chart, episode: Episode, reason: object): void {
  const { index, opioid, earlierOpioid } = episode
  if (earlierOpioid !== undefined) {
    const tramadol = { code: '835603', words: 'tramadol 50 mg tablet', perDay: 3 }
    const tooth = concept(systems.icd10, 'K08.89', 'Toothache')
    chart.medicine('opioid-earlier', index - earlierOpioid, tramadol, 7, 0, tooth)
  }
  if (!opioid) return
  if (episode.sedative) chart.medicine('sedative', index + opioid.day - 5, sedative, 30, 0, undefined)
  chart.medicine('opioid', index + opioid.day, opioid.product, opioid.supply, opioid.dispensed, reason)
  for (const [n, { day, supply }] of episode.refills.entries())
    chart.fill(`refill-${n + 1}`, index + day, opioid.product, supply)
}

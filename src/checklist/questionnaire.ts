/** The checklist as FHIR R4: the questionnaire that is published, and one page of answers for the chart. */
import type {
  Observation,
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Reference,
} from 'fhir/r4.js'
import type { Route } from '../http/places.ts'
import type { Content } from '../pathway/content.ts'
import type { Replies } from './book.ts'
import { choicesOf, withNumbers } from './questions.ts'

const questionnaireUrl = 'urn:lumbar:questionnaire:red-flags'

type Written = Pick<Content, 'checklist' | 'parameters' | 'pathway'>

/** Items are groups of yes-or-no questions; `linkId` is the fact that is answered. */
export function questionnaireOf(content: Written): Questionnaire {
  const { checklist, pathway } = content
  return {
    resourceType: 'Questionnaire',
    id: 'lumbar-red-flags',
    url: questionnaireUrl,
    version: pathway.version,
    name: 'LumbarRedFlags',
    title: checklist.title,
    status: 'draft',
    subjectType: ['Patient'],
    description: checklist.about,
    item: [
      ...onsetOf(content).map(({ fact, asks, choices }) => ({
        linkId: fact,
        text: asks,
        type: 'choice' as const,
        required: false,
        answerOption: choices.map(({ label }) => ({ valueString: label })),
      })),
      ...groupsOf(content).map(({ linkId, title, questions }) => ({
        linkId,
        text: title,
        type: 'group' as const,
        item: questions.map(({ fact, text }) => ({
          linkId: fact,
          text,
          type: 'boolean' as const,
          required: false,
        })),
      })),
    ],
  }
}

export interface Answering {
  replies: Replies
  /** Bare id. */
  patientId: string
  encounterId?: string | undefined
  /** Who answered, as the EHR refers to them. */
  author?: string | undefined
  /** ISO 8601. */
  at: string
  /** By which the chart finds this page of answers again. */
  name: string
}

/** In the chart one page of answers is one record, however often it is sent. */
export const identifierOf = ({ name }: Pick<Answering, 'name'>) => ({
  system: 'urn:lumbar:checklist',
  value: name,
})

export function responseOf(content: Written, answering: Answering): QuestionnaireResponse {
  const { subject, encounter, author } = referencesOf(answering)
  const groups = groupsOf(content).flatMap(({ linkId, title, questions }): QuestionnaireResponseItem[] => {
    const item = questions.flatMap(({ fact, text }) => {
      const reply = answering.replies[fact]
      return reply === undefined ? [] : [{ linkId: fact, text, answer: [{ valueBoolean: reply === 'yes' }] }]
    })
    return item.length > 0 ? [{ linkId, text: title, item }] : []
  })
  const items = [...onsetAnswers(content, answering), ...groups]
  return {
    resourceType: 'QuestionnaireResponse',
    identifier: identifierOf(answering),
    questionnaire: `${questionnaireUrl}|${content.pathway.version}`,
    status: 'completed',
    subject,
    ...encounter,
    authored: answering.at,
    ...(author ? { author } : {}),
    // FHIR has no empty lists.
    ...(items.length > 0 ? { item: items } : {}),
  }
}

/** For servers that take no QuestionnaireResponse. */
export function observationOf(content: Written, answering: Answering): Observation {
  const { subject, encounter, author } = referencesOf(answering)
  const began = onsetAnswers(content, answering).map(({ text, answer: [said] }) => ({
    code: { text },
    ...said,
  }))
  const answered = groupsOf(content)
    .flatMap(({ questions }) => questions)
    .flatMap(({ fact, text }) => {
      const reply = answering.replies[fact]
      return reply === undefined ? [] : [{ code: { text }, valueBoolean: reply === 'yes' }]
    })
  const component = [...began, ...answered]
  return {
    resourceType: 'Observation',
    identifier: [identifierOf(answering)],
    status: 'final',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: 'survey',
            display: 'Survey',
          },
        ],
      },
    ],
    code: { text: content.checklist.title },
    subject,
    ...encounter,
    effectiveDateTime: answering.at,
    ...(author ? { performer: [author] } : {}),
    // An observation of nothing says so (US Core).
    ...(component.length > 0 ? { component } : { dataAbsentReason }),
  }
}

const dataAbsentReason = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'unknown' }],
}

interface References {
  subject: Reference
  encounter: { encounter?: Reference }
  author: Reference | undefined
}

const referencesOf = ({ patientId, encounterId, author }: Answering): References => ({
  subject: { reference: `Patient/${patientId}` },
  encounter: encounterId === undefined ? {} : { encounter: { reference: `Encounter/${encounterId}` } },
  author: author === undefined ? undefined : { reference: author },
})

/** When the pain began, where it is asked at all. */
const onsetOf = ({ checklist: { onset }, parameters }: Written) =>
  onset ? [{ ...onset, choices: choicesOf(onset, parameters) }] : []

function onsetAnswers(content: Written, { replies }: Answering) {
  return onsetOf(content).flatMap(({ fact, asks, choices }) => {
    const choice = choices.find(({ id }) => id === replies[fact])
    return choice ? [{ linkId: fact, text: asks, answer: [{ valueString: choice.label }] }] : []
  })
}

function groupsOf({ checklist, parameters }: Written) {
  return checklist.groups.map(({ title, questions }, at) => ({
    linkId: `group-${at + 1}`,
    title,
    questions: questions.map(({ fact, asks }) => ({ fact, text: withNumbers(asks, parameters) })),
  }))
}

/** Where it is published, for whoever reads the answers in a chart. No patient is in it. */
const questionnaireAddress = '/fhir/Questionnaire/lumbar-red-flags'

export function questionnaireRoute(content: Pick<Content, 'checklist' | 'parameters' | 'pathway'>): Route {
  const text = JSON.stringify(questionnaireOf(content))
  return {
    method: 'GET',
    url: questionnaireAddress,
    handler: (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=300')
        .type('application/fhir+json; charset=utf-8')
        .send(text),
  }
}

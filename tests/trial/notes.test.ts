/**
 * Whole notes as clinics write them (notes.yaml): wrapped lines, templates, denials, advice, copied text. By an author who had
 * read the clinical texts alone. On their first run 7 of the 45 that name nothing were called an emergency, and none of the 45
 * that name a sign was advised against; the bounds hold what was reached since.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLibrary } from 'lumbar'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { answering } from '../fidelity/trial.ts'
import { type Event, eventOf, type Story } from './events.ts'

const note = z.object({
  id: z.string(),
  place: z.enum(['visit', 'order-note', 'order-reason', 'reason', 'problem-comment']),
  text: z.string(),
  truth: z.enum(['emergency', 'red-flag', 'ask', 'none']),
})
type Note = z.infer<typeof note>
const notes = z.array(note).parse(parse(readFileSync(join(import.meta.dirname, 'notes.yaml'), 'utf8')))

const library = openLibrary()
const answer = answering(library)

function chartWith({ place, text, truth }: Note): Event {
  const reason = { reasonCode: [{ text }] }
  const places: { [place in Note['place']]: Partial<Story> } = {
    visit: { visit: reason },
    'order-note': { order: { note: [{ text }] } },
    'order-reason': { order: reason },
    reason: { order: reason },
    'problem-comment': {
      raw: [
        {
          resourceType: 'Condition',
          clinicalStatus: { coding: [{ code: 'active' }] },
          code: { text: 'Low back pain' },
          recordedDate: '{T-2}',
          note: [{ text }],
        },
      ],
    },
  }
  const story = {
    who: '54 M',
    pain: 5,
    orders: ['mri'],
    chart: [],
    class: 'words',
    truth: 'either',
    told: truth,
  }
  return eventOf(
    { ...story, ...places[place] } as unknown as Story,
    { lines: [], told: text },
    'mri',
    3,
    library.queries,
  )
}

const judged = Promise.all(
  notes.map(async (each) => {
    const cards = await answer(chartWith(each).body)
    return {
      ...each,
      isAgainst: cards.some(({ extension: { lumbar } }) => against.has(lumbar.rule)),
      isEmergency: cards.some(({ indicator }) => indicator === 'critical'),
    }
  }),
)
const against = new Set(['IM01', 'IM02', 'IM03', 'IM06'])
const emergencies = new Set(['RF04a', 'RF04c', 'RF05a'])

const idsOf = async (isWrong: (note: Awaited<typeof judged>[number]) => boolean) =>
  (await judged).filter(isWrong).map(({ id }) => id)

describe('Whole notes', () => {
  it('advise against no scan where they name an emergency or a red flag', async () => {
    expect(
      await idsOf(({ truth, isAgainst }) => isAgainst && (truth === 'emergency' || truth === 'red-flag')),
    ).toEqual([])
  })

  it('are no emergency where they name none', async () => {
    expect(await idsOf(({ truth, isEmergency }) => isEmergency && truth === 'none')).toEqual([])
  })

  it('hold advice back without a cause in no more than were reached', async () => {
    const held = await idsOf(({ truth, isAgainst }) => truth === 'none' && !isAgainst)
    expect(held.length, held.join(' ')).toBeLessThanOrEqual(10)
  })

  it('ask in no fewer than were reached', async () => {
    const notAsked = await idsOf(({ truth, isAgainst }) => truth === 'ask' && isAgainst)
    expect(notAsked.length, notAsked.join(' ')).toBeLessThanOrEqual(8)
  })

  // A line's end ends a sentence in one note and none in the next.
  it.each([
    [
      'Denies fever, chills, history of cancer, saddle anesthesia, bowel or\nbladder incontinence.',
      'against',
    ],
    [
      'She denies fever, trauma, saddle anesthesia,\nbowel or bladder incontinence, urinary retention.',
      'against',
    ],
    ['Never used injection drugs. No\nimmunosuppression. No cancer.', 'against'],
    ['lbp x 3d after lifting, denies fever chills trauma ivdu\nright foot drop since yesterday', 'asks'],
    [
      'no trauma or falls reported in the last few weeks by him\nurinary retention since this morning',
      'asks',
    ],
    ['Denies fever,\nFoot drop noted on exam.', 'asks'],
    [
      'Patient denies fevers or chills and denies bowel or bladder\nincontinence and saddle numbness.',
      'asks',
    ],
    ['Since last night she has been numb in the whole saddle\narea and cannot urinate.', 'emergency'],
    ['Trauma: no\nfoot drop: yes', 'emergency'],
    ['Low back pain for 3 weeks\nfoot drop\nno fever', 'emergency'],
    ['weakness, numbness, incontinence: denied, fever, chills, sweats: denied', 'asks'],
    ['foot drop, urinary retention. Fever, chills, sweats: denied', 'emergency'],
  ])('%j: %s', async (text, truth) => {
    const cards = await answer(chartWith({ id: '', place: 'visit', text, truth: 'none' }).body)
    const rules = cards.map(({ extension: { lumbar } }) => lumbar.rule)
    const isEmergency = rules.some((rule) => emergencies.has(rule))
    expect(rules.some((rule) => against.has(rule))).toBe(truth === 'against')
    expect(isEmergency).toBe(truth === 'emergency')
  })
})

/** What health plans and employers are given to send: of which sentences of the pages for patients it may be made. */
import { z } from 'zod'
import { sentence, slug, sourceId } from '../../grammar.ts'

/** A section of a page, such as `opioids/risks`. */
const section = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/, 'is not a section such as opioids/risks')

export const shareFile = z.strictObject({
  /** Sections that not every patient is given, and what must stand beside a sentence of each. */
  also: z.array(z.strictObject({ show: section, with: z.array(section).default([]), because: sentence })),
  /** Sentences that stand in no page, marked `{=name}`. */
  own: z.record(
    slug,
    z.strictObject({
      cites: z.array(sourceId).min(1),
      /** Said only at sites of this state. */
      state: z.literal('WA').optional(),
      because: sentence,
      /** Words that the sentence must hold, by language. */
      holds: z.record(z.string(), z.array(z.string().min(1)).min(1)),
    }),
  ),
})
export type ShareFile = z.infer<typeof shareFile>

const word = z.string().min(2)
/** The words around the text and the page that are shared. */
export const shareWordsFile = z.strictObject({
  title: word,
  about: sentence,
  /** Of the link that leads here. */
  link: word,
  newsletter: word,
  infographic: word,
  text: word,
  svg: word,
  letter: word,
  a4: word,
  /** Said of the picture to who cannot see it. */
  picture: word,
})
export type ShareWords = z.infer<typeof shareWordsFile>

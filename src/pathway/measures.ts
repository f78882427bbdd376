/** The definitions of the measures, `measures/*.yaml`: what each counts, of whom, and what it is not. Its query lies beside it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { sourceId } from '../grammar.ts'
import { ContentError } from './problems.ts'

/** In this order on every page; a measure stands in one of them. */
export const measureSections = [
  'Imaging',
  'Services',
  'Opioids',
  'Physical therapy',
  'Education',
  'Surgery and injection',
  'Outcomes and balance',
] as const

export const measureFile = z.strictObject({
  section: z.enum(measureSections),
  name: z.string().min(1),
  question: z.string().endsWith('?').describe('What a quality lead asks'),
  counts: z.enum(['episodes', 'services', 'referrals', 'handouts']).describe('What one of it is'),
  denominator: z.string().min(1),
  exclusions: z.array(z.string().min(1)),
  numerator: z.string().min(1),
  reported: z
    .enum(['share', 'complement'])
    .describe('The share that meets the numerator, or the one that does not'),
  direction: z.enum(['higher', 'lower', 'neither']).describe('Which way is better'),
  judged: z
    .boolean()
    .default(false)
    .describe('Whether its query needs every order judged as of its day, and so is asked after that'),
  headline: z.boolean().default(false).describe('Among those at the top of the report'),
  sources: z.array(sourceId).min(1).describe('Names in pathway/sources.yaml'),
  licence: z.string().min(1),
  not: z.array(z.string().min(1)).min(1).describe('What it is not, for people who would take it for that'),
})

export interface Measure extends z.infer<typeof measureFile> {
  id: string
}

const measuresFolder = 'measures'

/** By section, then by name of the file; none where there is no such folder. @throws ContentError */
export function readMeasures(root: string, sources: Readonly<Record<string, unknown>>): readonly Measure[] {
  const folder = join(root, measuresFolder)
  if (!existsSync(folder)) return []
  const measures = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readMeasure(folder, name, sources))
  return measureSections.flatMap((section) => measures.filter((measure) => measure.section === section))
}

function readMeasure(folder: string, name: string, sources: Readonly<Record<string, unknown>>): Measure {
  const file = `${measuresFolder}/${name}`
  const id = name.replace(/\.yaml$/, '')
  const { data, error } = measureFile.safeParse(parse(readFileSync(join(folder, name), 'utf8')))
  if (error) throw wrong(file, z.prettifyError(error))
  const unknown = data.sources.filter((source) => !(source in sources))
  if (unknown.length > 0) throw wrong(file, `there is no source ${unknown.join(', ')}`)
  if (!existsSync(join(folder, `${id}.sql`))) throw wrong(file, `there is no query ${id}.sql beside it`)
  return { id, ...data }
}

const wrong = (file: string, message: string) => new ContentError([{ file, line: 1, message }])

/** What is in a PDF, as a reader of screens finds it. */
import { getDocumentProxy, getResolvedPDFJS } from 'unpdf'

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof getDocumentProxy>>['getPage']>>

interface Printed {
  pages: number
  text: string
}

interface Read extends Printed {
  title: string | undefined
  language: string | undefined
  isTagged: boolean
  /** Structure of all pages in reading order: kind, and the description of figures. */
  tags: readonly { kind: string; alt: string | undefined; lang: string | undefined }[]
  /** Names of fonts that are not in the file. */
  missingFonts: readonly string[]
  fonts: readonly string[]
  /** In points, without blanks. */
  smallestLetter: number
}

interface Node {
  role?: string
  alt?: string
  lang?: string
  children?: readonly Node[]
}

const open = (bytes: Uint8Array) =>
  getDocumentProxy(new Uint8Array(bytes), { fontExtraProperties: true, verbosity: 0 })

/** How many pages, and the words on them, which takes a third of the time of all that is in it. */
export async function readPrinted(bytes: Uint8Array): Promise<Printed> {
  const document = await open(bytes)
  const texts: string[] = []
  for (let number = 1; number <= document.numPages; number++)
    texts.push((await textOf(await document.getPage(number))).text)
  await document.loadingTask.destroy()
  return { pages: document.numPages, text: flat(texts) }
}

export async function readPdf(bytes: Uint8Array): Promise<Read> {
  const { OPS } = await getResolvedPDFJS()
  const document = await open(bytes)
  const { info } = (await document.getMetadata()) as { info: { Title?: string; Language?: string } }
  const mark = (await document.getMarkInfo()) as { Marked?: boolean } | null
  const tags: Read['tags'][number][] = []
  const texts: string[] = []
  const sizes: number[] = []
  const fonts = new Map<string, boolean>()
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    walk(((await page.getStructTree()) ?? {}) as Node, tags)
    const { text, heights } = await textOf(page)
    texts.push(text)
    sizes.push(...heights)
    const { fnArray, argsArray } = await page.getOperatorList()
    for (const [at, operation] of fnArray.entries()) {
      if (operation !== OPS.setFont) continue
      const font = page.commonObjs.get(String(argsArray[at][0])) as { name: string; missingFile?: boolean }
      fonts.set(font.name, font.missingFile === true)
    }
  }
  await document.loadingTask.destroy()
  return {
    title: info.Title,
    language: info.Language,
    isTagged: mark?.Marked === true,
    pages: document.numPages,
    tags,
    text: flat(texts),
    fonts: [...fonts.keys()],
    missingFonts: [...fonts].flatMap(([name, missing]) => (missing ? name : [])),
    smallestLetter: Math.min(...sizes),
  }
}

async function textOf(page: Page): Promise<{ text: string; heights: number[] }> {
  const items = (await page.getTextContent()).items.flatMap((item) => ('str' in item ? item : []))
  return {
    text: items.map(({ str, hasEOL }) => `${str}${hasEOL ? '\n' : ''}`).join(''),
    heights: items.flatMap(({ str, height }) => (str.trim() === '' ? [] : height)),
  }
}

const flat = (texts: readonly string[]) => texts.join('').replace(/\s+/g, ' ')

function walk({ role, alt, lang, children = [] }: Node, tags: Read['tags'][number][]): void {
  if (role !== undefined && role !== 'Root') tags.push({ kind: role, alt, lang })
  for (const child of children) walk(child, tags)
}

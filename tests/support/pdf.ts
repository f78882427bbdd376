/** What is in a PDF, as a reader of screens finds it. */
import { getDocumentProxy, getResolvedPDFJS } from 'unpdf'

interface Read {
  title: string | undefined
  language: string | undefined
  isTagged: boolean
  pages: number
  /** Structure of all pages in reading order: kind, and the description of figures. */
  tags: readonly { kind: string; alt: string | undefined; lang: string | undefined }[]
  text: string
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

export async function readPdf(bytes: Uint8Array): Promise<Read> {
  const { OPS } = await getResolvedPDFJS()
  const document = await getDocumentProxy(new Uint8Array(bytes), { fontExtraProperties: true, verbosity: 0 })
  const { info } = (await document.getMetadata()) as { info: { Title?: string; Language?: string } }
  const mark = (await document.getMarkInfo()) as { Marked?: boolean } | null
  const tags: Read['tags'][number][] = []
  const texts: string[] = []
  const sizes: number[] = []
  const fonts = new Map<string, boolean>()
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    walk(((await page.getStructTree()) ?? {}) as Node, tags)
    const { items } = await page.getTextContent()
    for (const item of items) {
      if (!('str' in item)) continue
      texts.push(item.str, item.hasEOL ? '\n' : '')
      if (item.str.trim() !== '') sizes.push(item.height)
    }
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
    text: texts.join('').replace(/\s+/g, ' '),
    fonts: [...fonts.keys()],
    missingFonts: [...fonts].flatMap(([name, missing]) => (missing ? name : [])),
    smallestLetter: Math.min(...sizes),
  }
}

function walk({ role, alt, lang, children = [] }: Node, tags: Read['tags'][number][]): void {
  if (role !== undefined && role !== 'Root') tags.push({ kind: role, alt, lang })
  for (const child of children) walk(child, tags)
}

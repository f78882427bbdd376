/** Names the content by what stands in its files: two services with the same digest judge alike. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'

const folders = ['pathway', 'cards', 'handouts']
/** What a hospital sets, in the root folder unless the process was told another place. */
export const defaultSiteFile = 'site.yaml'
/** Stands for a site that sets nothing: there is no such file. */
export const noSite = '.no-site'

/** Made from the content, or of the content's shape: not read when it is loaded. */
const made = new Set(['pathway/README.md', 'pathway/coverage.md', 'pathway/examples.json', 'pathway/schema'])
const isMade = (name: string) => made.has(name) || made.has(name.split('/').slice(0, 2).join('/'))

/**
 * 16 hexadecimal digits of SHA-256 over the names and bytes of all files that content is read from, the site's own
 * among them. Takes a few ms: every byte is read.
 */
export function digestOf(root: string, siteFile = defaultSiteFile): string {
  const hash = createHash('sha256')
  const take = (name: string, path: string) => {
    const bytes = readFileSync(path)
    hash.update(`${name}\n${bytes.length}\n`).update(bytes)
  }
  for (const folder of folders)
    for (const name of filesBelow(root, folder)) if (!isMade(name)) take(name, join(root, name))
  const site = resolve(root, siteFile)
  if (existsSync(site)) take(defaultSiteFile, site)
  return shortened(hash.digest('hex'))
}

/** The same of the program that reads content: another program may make something else of the same files. */
export function digestOfReader(): string {
  const hash = createHash('sha256')
  const src = join(import.meta.dirname, '..')
  for (const name of ['grammar.ts', ...filesBelow(src, 'pathway'), ...filesBelow(src, 'site')])
    hash.update(`${name}\n`).update(readFileSync(join(src, name)))
  return shortened(hash.digest('hex'))
}

const shortened = (hex: string) => hex.slice(0, 16)

/** In name order, with slashes on every system. */
function filesBelow(root: string, folder: string): string[] {
  const path = join(root, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort()
}

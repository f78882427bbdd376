/** The pathway and the cards of a commit, or of the working tree, as written: without what a site has set. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readRuleFiles } from '../../docs/book.ts'
import type { Content } from '../../pathway/content.ts'
import { loadContent } from '../../pathway/load.ts'
import { ContentError } from '../../pathway/problems.ts'
import type { Rule } from '../../pathway/schema.ts'
import { Misunderstood } from '../arguments.ts'

export interface Checkout {
  name: string
  content: Content
  /** The retired among them. */
  rules: readonly Rule[]
  remove(): void
}

const folders = ['pathway', 'cards']
/** Facts may be asked there alone. */
const extra = ['handouts']
/** Bytes that a commit's content may have. */
const most = 512 * 1024 * 1024

/** @throws Misunderstood when there is no such commit, or today's code cannot read its content. */
export function commitOf(root: string, ref: string): Checkout {
  const commit = resolveCommit(root, ref)
  const found = git(root, ['ls-tree', '--name-only', commit, '--', ...folders, ...extra])
    .toString()
    .split('\n')
  const absent = folders.filter((folder) => !found.includes(folder))
  if (absent.length > 0) throw new Misunderstood(`${ref} has no ${absent.join(' and no ')} to compare with.`)
  return checkout(commit.slice(0, 10), `The content of ${ref}`, (folder) => {
    const packed = git(root, [
      'archive',
      '--format=tar',
      commit,
      '--',
      ...found.filter((name) => name !== ''),
    ])
    execFileSync('tar', ['-x', '-C', folder], { input: packed })
  })
}

/** @throws Misunderstood when the content has mistakes. */
export function workingTree(root: string): Checkout {
  return checkout('the working tree', 'The content of the working tree', (folder) => {
    const present = [...folders, ...extra].filter((name) => existsSync(resolve(root, name)))
    for (const name of present) symlinkSync(resolve(root, name), join(folder, name), 'junction')
  })
}

function checkout(name: string, what: string, fill: (folder: string) => void): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    mkdirSync(folder, { recursive: true })
    fill(folder)
    const content = loadContent(folder)
    return { name, content, rules: readRuleFiles(folder).flatMap(({ rules }) => rules), remove }
  } catch (error) {
    remove()
    if (!(error instanceof ContentError)) throw error
    throw new Misunderstood(`${what} cannot be read by the code as it is now:\n\n${error.message}`)
  }
}

function resolveCommit(root: string, ref: string): string {
  try {
    return git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])
      .toString()
      .trim()
  } catch {
    throw new Misunderstood(
      `There is no commit "${ref}" here. Name a branch, a tag or a commit, as in HEAD~1.`,
    )
  }
}

const git = (root: string, words: readonly string[]) =>
  execFileSync('git', words, { cwd: root, maxBuffer: most, stdio: ['ignore', 'pipe', 'ignore'] })

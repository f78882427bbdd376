/** Markdown files that begin with YAML between two `---` lines. */
import { parseYaml, readText, type YamlFile } from './files.ts'
import type { Problems } from './problems.ts'

export interface FrontMatter {
  yaml: YamlFile
  text: string
  /** The line of the file on which the text begins. */
  firstLine: number
  /** Every line of the file as written. */
  lines: readonly string[]
}

/** `holds` says what is expected between the lines. */
export function readFrontMatter(
  root: string,
  file: string,
  holds: string,
  problems: Problems,
): FrontMatter | undefined {
  const whole = readText(root, file, problems) ?? ''
  const parts = /^---\n([\s\S]*?)^---[ \t]*(?:\n|$)([\s\S]*)$/m.exec(whole)
  if (!whole.startsWith('---\n') || !parts) {
    problems.add({ file, line: 1 }, `must begin with ${holds} between two --- lines`)
    return undefined
  }
  const [, front = '', text = ''] = parts
  const yaml = parseYaml(file, front, problems, 2)
  if (!yaml) return undefined
  return { yaml, text, firstLine: front.split('\n').length + 2, lines: whole.split('\n') }
}

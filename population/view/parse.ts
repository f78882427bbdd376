/** Reads the part of FHIRPath that views use into a tree. What is not of it is an error that names the place. */

export type Path =
  | { kind: 'this' }
  | { kind: 'literal'; value: string | number | boolean }
  | { kind: 'constant'; name: string }
  | { kind: 'member'; of: Path | undefined; name: string }
  | { kind: 'index'; of: Path; at: Path }
  | { kind: 'call'; of: Path | undefined; name: string; with: readonly Path[] }
  | { kind: 'operation'; operator: string; left: Path; right: Path }

/** What is wrong with a view, in words for the person who wrote it. */
export class ViewError extends Error {
  override name = 'ViewError'
}

type Token = { kind: 'word' | 'text' | 'number' | 'mark' | 'constant' | 'end'; text: string; at: number }

const tokenizer =
  /\s*(?:(?<word>[A-Za-z_$][\w$]*|`[^`]+`)|'(?<text>(?:[^'\\]|\\.)*)'|(?<number>\d+(?:\.\d+)?)|%(?<constant>\w+)|(?<mark><=|>=|!=|[.()[\],=<>+\-*/]))/y

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  tokenizer.lastIndex = 0
  while (tokenizer.lastIndex < text.trimEnd().length) {
    const at = tokenizer.lastIndex
    const groups = tokenizer.exec(text)?.groups
    if (!groups) throw new ViewError(`cannot read "${text}" from character ${at + 1} on`)
    const [kind, said = ''] = Object.entries(groups).find(([, value]) => value !== undefined) ?? []
    tokens.push({ kind: kind as Token['kind'], text: said, at })
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }]
}

/** The higher, the closer it binds; FHIRPath's own order. */
const precedence: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  '=': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
}

export function parsePath(text: unknown): Path {
  if (typeof text !== 'string' || text.trim() === '')
    throw new ViewError('a path is a text that is not empty')
  const tokens = tokensOf(text)
  let next = 0
  const peek = () => tokens[next] as Token
  const take = () => tokens[next++] as Token
  const isMark = (mark: string) => peek().kind === 'mark' && peek().text === mark
  const expect = (mark: string) => {
    if (!isMark(mark)) throw new ViewError(`"${text}" lacks a "${mark}" at character ${peek().at + 1}`)
    next += 1
  }

  function operations(least: number): Path {
    let left = steps()
    for (;;) {
      const operator = peek().kind === 'mark' || peek().kind === 'word' ? peek().text : ''
      const binds = precedence[operator]
      if (binds === undefined || binds < least) return left
      next += 1
      left = { kind: 'operation', operator, left, right: operations(binds + 1) }
    }
  }

  function steps(): Path {
    let path = term()
    for (;;) {
      if (isMark('.')) {
        next += 1
        path = named(path)
      } else if (isMark('[')) {
        next += 1
        path = { kind: 'index', of: path, at: operations(0) }
        expect(']')
      } else return path
    }
  }

  function term(): Path {
    if (isMark('(')) {
      next += 1
      const inside = operations(0)
      expect(')')
      return inside
    }
    if (isMark('-') && tokens[next + 1]?.kind === 'number') {
      next += 1
      return { kind: 'literal', value: -Number(take().text) }
    }
    const { kind, text: said } = peek()
    if (kind === 'text') return take() && { kind: 'literal', value: said.replace(/\\(.)/g, '$1') }
    if (kind === 'number') return take() && { kind: 'literal', value: Number(said) }
    if (kind === 'constant') return take() && { kind: 'constant', name: said }
    if (said === '$this') return take() && { kind: 'this' }
    if (said === 'true' || said === 'false') return take() && { kind: 'literal', value: said === 'true' }
    return named(undefined)
  }

  function named(of: Path | undefined): Path {
    const { kind, text: said, at } = take()
    if (kind !== 'word') throw new ViewError(`"${text}" lacks a name at character ${at + 1}`)
    const name = said.replaceAll('`', '')
    if (!isMark('(')) return { kind: 'member', of, name }
    next += 1
    const given: Path[] = []
    while (!isMark(')')) {
      given.push(operations(0))
      if (!isMark(')')) expect(',')
    }
    expect(')')
    return { kind: 'call', of, name, with: given }
  }

  const path = operations(0)
  if (peek().kind !== 'end') throw new ViewError(`"${text}" goes on where it should end: "${peek().text}"`)
  return path
}

/** A card's own text as it was written: what was found and what to do, then what else is worth a line. */
import { compileTemplate, type Sentence, type Values } from './template.ts'
import { countWords, sentencesOf } from './words.ts'

export interface Written {
  /** Sentences of the first paragraph, each with the placeholders that it needs. */
  lead: readonly Piece[]
  bullets: readonly Piece[]
}

export interface Piece {
  say: Sentence
  needs: readonly string[]
  /** Words beside what the placeholders bring. */
  words: number
  /** A line that begins with **Ask**: red flags to ask about are named in one line of a card. */
  asks: boolean
}

export function readBody(markdown: string): Written {
  const blocks = markdown
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter(Boolean)
  const paragraphs = blocks.filter((block) => !block.startsWith('- '))
  const bullets = blocks
    .filter((block) => block.startsWith('- '))
    .flatMap((block) => block.split(/\n(?=- )/))
    .map((item) =>
      item
        .slice(2)
        .split('\n')
        .map((line) => line.trim())
        .join(' '),
    )
  return { lead: paragraphs.slice(0, 1).flatMap(sentencesOf).map(pieceOf), bullets: bullets.map(pieceOf) }
}

export function pieceOf(text: string): Piece {
  const needs = [...text.matchAll(/\{\{([a-z-]+)\}\}/g)].map(([, name = '']) => name)
  return {
    say: compileTemplate(text),
    needs,
    asks: text.startsWith('**Ask'),
    words: countWords(text.replace(/\{\{[a-z-]+\}\}/g, ' ')),
  }
}

/** Undefined where something that it needs is not there: half a sentence is none. */
export function said({ say, needs }: Piece, values: Values): string | undefined {
  return needs.every((name) => values[name] !== undefined) ? say(values) : undefined
}

/**
 * How hard a text is to read. English by Flesch-Kincaid (school grade) and SMOG; Spanish by Fernández-Huerta and
 * INFLESZ (100 is easiest; from 65 "bastante fácil" and from 80 "muy fácil" for INFLESZ, as Barrio-Cantalejo grades it).
 */
import { fleschKincaid } from 'flesch-kincaid'
import { smogFormula } from 'smog-formula'
import { syllable } from 'syllable'
import { linesOf, type Section, wordsOf } from '../../src/pathway/handouts/text.ts'

/** An entry of a list is a sentence, as it is to a reader. Headings are left out: they would make the text look easier. */
export function sentencesOf(sections: readonly Section[]): string[] {
  const lines = sections.flatMap((section) => linesOf(section).map(wordsOf))
  return lines.flatMap((line) => line.split(/(?<=[.!?:])\s+/)).filter((line) => wordsIn(line).length > 0)
}

/** A number or a telephone number is one word. */
export const wordsIn = (text: string) => text.match(/[\p{L}\p{N}](?:[\p{L}\p{N}'’-]*[\p{L}\p{N}])?/gu) ?? []

interface English {
  grade: number
  smog: number
  longest: string
}

export function readEnglish(sentences: readonly string[]): English {
  const words = sentences.flatMap(wordsIn)
  const counts = words.map((word) => (/^\d/.test(word) ? 1 : syllable(word)))
  const sum = counts.reduce((total, count) => total + count, 0)
  return {
    grade: fleschKincaid({ sentence: sentences.length, word: words.length, syllable: sum }),
    smog: smogFormula({
      sentence: sentences.length,
      polysillabicWord: counts.filter((count) => count >= 3).length,
    }),
    longest: longestOf(sentences),
  }
}

interface Spanish {
  fernandezHuerta: number
  inflesz: number
  longest: string
}

export function readSpanish(sentences: readonly string[]): Spanish {
  const words = sentences.flatMap(wordsIn)
  const sum = words.reduce((total, word) => total + (/^\d/.test(word) ? 1 : spanishSyllables(word)), 0)
  const perWord = sum / words.length
  const perSentence = words.length / sentences.length
  return {
    fernandezHuerta: 206.84 - 60 * perWord - 1.02 * perSentence,
    inflesz: 206.835 - 62.3 * perWord - perSentence,
    longest: longestOf(sentences),
  }
}

/** Groups of vowels, in which two strong vowels, or a stressed weak one beside a strong one, part. */
export function spanishSyllables(word: string): number {
  const letters = word
    .toLowerCase()
    .replace(/qu/g, 'q')
    .replace(/gu(?=[eiéí])/g, 'g')
    .replace(/y$/, 'i')
  const groups = letters.match(/[aeiouáéíóúü]+/g) ?? []
  const parted = groups.reduce((count, group) => {
    const breaks = [...group].slice(1).filter((vowel, at) => isHiatus(group[at] ?? '', vowel)).length
    return count + 1 + breaks
  }, 0)
  return Math.max(1, parted)
}

const strong = /[aeoáéó]/
const stressedWeak = /[íú]/
const isHiatus = (first: string, second: string) =>
  (strong.test(first) && strong.test(second)) ||
  (stressedWeak.test(first) && strong.test(second)) ||
  (strong.test(first) && stressedWeak.test(second))

const longestOf = (sentences: readonly string[]) =>
  sentences.reduce((longest, each) => (wordsIn(each).length > wordsIn(longest).length ? each : longest), '')

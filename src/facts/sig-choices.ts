/** Another amount for the same dose: "may take 2 if severe", "may increase to 2 tabs", "2 tabs if severe pain". */
import { type Amount, hours, milligrams, millilitres, pieces, rangeAt, timesWords } from './sig-phrases.ts'
import { type Token, wordAt } from './sig-tokens.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const mayWords = words('may can puede')
const takeWords = words('take use have increase also to tomar usar aumentar a')
const ifWords = words('if for when si para cuando')
const moreWords = words('more additional another extra adicional mas otra otro')
const mostWords = 4

interface Choice {
  amount: Amount
  next: number
}

/** Where it is more on top of the dose ("may take 2 more"), nobody reads it here. */
export function choiceAt(tokens: readonly Token[], from: number): Choice | undefined {
  const isSaid = mayWords.has(wordAt(tokens, from) ?? '')
  let at = isSaid ? from + 1 : from
  while (isSaid && at <= from + mostWords && takeWords.has(wordAt(tokens, at) ?? '')) at += 1
  const range = rangeAt(tokens, at)
  if (!range) return undefined
  const { unit, value, next } = amountUnitAt(tokens, range.next)
  const behind = wordAt(tokens, next) ?? ''
  if (unit === undefined || moreWords.has(behind) || (!isSaid && !ifWords.has(behind))) return undefined
  return { amount: { value: range.value.high * value, unit }, next }
}

/** What a number counts, by the word behind it: pieces where there is none. No unit where it is time, or of something else. */
function amountUnitAt(
  tokens: readonly Token[],
  at: number,
): { unit?: Amount['unit']; value: number; next: number } {
  const word = wordAt(tokens, at) ?? ''
  const [ml, mg] = [millilitres.get(word), milligrams.get(word)]
  if (ml !== undefined) return { unit: 'ml', value: ml, next: at + 1 }
  if (mg !== undefined) return { unit: 'mg', value: mg, next: at + 1 }
  if (pieces.has(word)) return { unit: 'each', value: 1, next: at + 1 }
  return hours.has(word) || timesWords.has(word)
    ? { value: 1, next: at }
    : { unit: 'each', value: 1, next: at }
}

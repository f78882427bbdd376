/** What people wrote, cut into clauses of plain words, and the words that stand together in one. */
import { wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import { withHeadings } from './headed-lists.ts'
import { joined } from './lines.ts'
import { once, withFractions, wordsIn } from './phrases.ts'

/** Characters of one reason or note that are read: no entry brings a longer text (`mostOfEntry`). */
export const longestPart = 20_000

/** Marks that stay as words of their own: a comma and a colon bound what a cue reaches, a question mark is a cue. */
const marks = /[,:?]/

/** Each reason and note (parted by `|`) is cut by itself, so that a long one hides nothing in the next. */
export function clausesOf(text: string, cues: Cues): string[][] {
  const { hard } = endsOf(cues['negation-ends'])
  const short = pointed(cues['short-with-point'])
  return text.split('|').flatMap((part) => {
    const lines = joined(withHeadings(part.slice(0, longestPart), cues), cues)
    let rest = inPlainMarks(withPlainApostrophes(lines), short, wordSet(cues['leads-to-date']))
    for (const mark of hard) rest = rest.replaceAll(mark, '\n')
    return rest
      .split('\n')
      .map(wordsIn)
      .filter(({ length }) => length > 0)
  })
}

const pointed = once((forms: readonly string[]) => new Set(forms))

/** "can’t" is one word; what stands in single quotation marks are words without them. */
function withPlainApostrophes(text: string): string {
  const plain = text.includes('’') ? text.replaceAll('’', "'") : text
  return plain.includes("'")
    ? plain.replace(/(^|[\s(,.;:])'(?=\w)/g, '$1').replace(/'(?=[\s),.;:]|$)/g, '')
    : plain
}

/** Marks and short writings that would part what belongs together, or hide in one word what are several. */
function inPlainMarks(text: string, short: ReadonlySet<string>, leads: ReadonlySet<string>): string {
  if (!/[[(\d.☐☑☒+]/.test(text)) return text
  const hasPlus = text.includes('+') && text.search(plusBefore) >= 0
  return (
    withFractions(
      text
        .replace(diagnosisCode, (_, category, rest) => ` ${codeMark}${category}${rest} `)
        // A temperature that stands for itself in a list: "transplant, 39.1, tender L4".
        .replace(temperature, 'Temp $1.')
        .replace(thousands, '$1$2')
        .replace(strengthGrade, '$1/5')
        .replace(poundMark, '$1 lb')
        .replace(bareTemperature, '$1temptold $2'),
    )
      .replace(/\b([A-Za-z]{1,6})\.(?= ?[a-z0-9])/g, (whole, word: string) =>
        short.has(word.toLowerCase()) ? word : whole,
      )
      .replace(tickedNo, ' : no ')
      .replace(tickedYes, ' : yes ')
      // "Incontinence (-)" answers; "(-) incontinence" denies what follows.
      .replace(/\([-–]\)(?=\s{0,3}(?:[,;.|]|$))/g, ' negative ')
      // Boxes of a form: an empty one says nothing of what stands behind it.
      .replace(/\[ ?\]|☐|\(-\)/g, '\nunchecked ')
      .replace(/\[x\]|☑|☒|\(\+\)/gi, '\n')
      // "18+3 weeks".
      .replace(weeksAndDays, '$1w$2d')
      // "HIV+", "hCG +", "+UPT".
      .replace(plusBehind, '$1 positive ')
      .replace(plusOfTest, '$1positive ')
      .replace(plusBefore, (_, before: string | undefined) => `${before ?? ''}\n`)
      // Beside such a plus a minus denies: "+ retention, - fever".
      .replace(minusBefore, (whole, before: string) => (hasPlus ? `${before}\nunchecked ` : whole))
      .replace(fullDate, (_, month, day, year) => ` ${dateWord(month, day, year)} `)
      .replace(dayOfYear, (whole: string, first: string, second: string, at: number, all: string) =>
        dayWritten(whole, first, second, leadsToDate(all.slice(Math.max(0, at - longestLead), at), leads)),
      )
      // "x3d", "2wks".
      .replace(/\bx(\d{1,3})(?=[a-z]|\b)/gi, ' x $1 ')
      .replace(/\b(\d{1,3})(d|w|y|days?|wks?|weeks?|mos?|months?|yrs?|years?)\b/gi, '$1 $2')
  )
}

/** ICD-10-CM with its point; "T39.1" is a temperature. */
const diagnosisCode = /\b(?!T(?:3[5-9]|4[0-2])\.\d\b)([A-TV-Z]\d[\dAB])\.([\dA-Z]{1,4})\b/g
const codeMark = 'icdcode'
/** "T38.9", "T 39.1". */
const temperature = /\bT ?(3[5-9]|4[0-2])\.(?=\d)/g
const thousands = /\b(\d),(\d{3})\b(?!,)/g
/** "EHL 3.5/5": what is not whole counts as the lower grade. */
const strengthGrade = /\b([0-5])\.\d{1,2} ?\/ ?5\b/g
/** "Lost 30#": behind a number the mark is pounds, before one ("#30") a count. */
const poundMark = /\b(\d{1,3}) ?#(?![\w#])/g
/** In degrees Celsius or Fahrenheit; which of them is a fever, the words of the pathway say (`told-fever`). */
const bareTemperature = /(^|[,;] )((?:3[5-9]|4[0-2]|9[5-9]|10[0-7])\.\d)(?= ?(?:[,;]|$))/g

/** The code that a word of a clause stands for, with its point again. */
export function codeOfWord(word: string): string | undefined {
  if (!word.startsWith(codeMark)) return undefined
  const code = word.slice(codeMark.length).toUpperCase()
  return `${code.slice(0, 3)}.${code.slice(3)}`
}

/** "+IVDU", ", + retention": said to be there. "Numbness + weakness" only joins. */
const plusBefore = /(^|[\s,;:])\+(?=[a-z])|(^|[,;:] )\+ (?=[a-z])/gi
const weeksAndDays = /\b([1-4]?\d)\+([0-6])(?= ?(?:weeks?|wks?|w)\b|\/40)/gi
const plusBehind = /\b([a-z]{1,12}\d{0,2}\+|(?:hcg|upt|test|b27|hiv) \+)(?=[\s,;.)]|$)/gi
const plusOfTest = /(^|[\s,;:])\+ ?(?=(?:u?pt|b?hcg|preg|hla|b27|upreg)\b)/gi
const minusBefore = /(^|[,;:] |\s)- ?(?=[a-z])/gi

const tickedNo = /(?:☐|\[ ?\]) ?(?:yes|y|s[ií]) ?(?:☒|☑|\[x\]) ?no?\b/gi
const tickedYes = /(?:☒|☑|\[x\]) ?(?:yes|y|s[ií]) ?(?:☐|\[ ?\]) ?no?\b/gi

const fullDate = /\b(0?[1-9]|1[0-2])\/(0?[1-9]|[12]\d|3[01])\/((?:19|20)?\d\d)\b/g
const dayOfYear = /(?<![\d/`])(0?[1-9]|[12]\d|3[01])\/(0?[1-9]|[12]\d|3[01])(?![\d/`])/g
/** Characters before a date in which a word leads to it. */
const longestLead = 24

/**
 * "11/18" is a day, and so is "10/2"; "4/5" is a strength and "8/10" a pain, unless a word before them leads to a date:
 * "since 4/5", "MRI 8/10". Some write the day first: "on 18/11".
 */
function dayWritten(whole: string, first: string, second: string, isLed: boolean): string {
  const [month, day] = [Number(first), Number(second)]
  if (month > 12) return isLed && day <= 12 ? ` ${dateWord(second, first, '')} ` : whole
  if (isLed || day > 10 || (month > day && month !== strengthsOfPair * day))
    return ` ${dateWord(first, second, '')} `
  return day === 10 ? ` ${painScore} ` : whole
}
/** "8/2" without such a word may be buprenorphine with naloxone, of which there is a fourth. */
const strengthsOfPair = 4
/** So that "pain 8/10 foot drop" tells of no fall of ten feet. */
const painScore = 'painscore'

const leadsToDate = (before: string, leads: ReadonlySet<string>) => leads.has(wordsIn(before).at(-1) ?? '')

/** One word for a date, as `told-time` reads it: "date20241028", without its year "date1028". */
const dateWord = (month: string, day: string, year: string) =>
  `date${year.length === 2 ? `20${year}` : year}${month.padStart(2, '0')}${day.padStart(2, '0')}`

/** Punctuation that ends a clause, and words at which something new is said within one. */
export const endsOf = once((ends: readonly string[]) => ({
  hard: ends.filter((end) => !/[a-z]/i.test(end) && !marks.test(end)),
  words: new Set(ends.filter((end) => /[a-z]/i.test(end))),
}))

/**
 * What is made of the words that stand together with the one at a place: between commas, and words at which something
 * new begins. Made once for all that stand together.
 */
export function beside<T>(
  clause: readonly string[],
  cues: Pick<Cues, 'negation-ends'>,
  make: (words: readonly string[]) => T,
): (at: number) => T {
  const { words } = endsOf(cues['negation-ends'])
  const parts: Stretch[] = [{ start: 0, end: clause.length }]
  for (const [at, word] of clause.entries()) {
    if (!marks.test(word) && !words.has(word)) continue
    ;(parts.at(-1) as Stretch).end = at
    parts.push({ start: at + 1, end: clause.length })
  }
  const partOf: number[] = []
  for (const [part, { start, end }] of parts.entries())
    for (let at = start; at <= end; at += 1) partOf[at] = part
  const made = new Map<number, T>()
  return (at) => {
    const part = partOf[at] ?? 0
    const known = made.get(part)
    if (known !== undefined || made.has(part)) return known as T
    const found = make(wordsOf(clause, parts, part))
    made.set(part, found)
    return found
  }
}

interface Stretch {
  start: number
  end: number
}

function wordsOf(clause: readonly string[], parts: readonly Stretch[], part: number): readonly string[] {
  const [own, next] = [parts[part], parts[part + 1]]
  if (!own) return []
  const words = clause.slice(own.start, own.end)
  // "L4-5 fusion, 2018": what is so short belongs to what stands before it.
  const isAside = next && clause[own.end] === ',' && next.end - next.start <= longestAside
  return isAside ? [...words, ...clause.slice(next.start, next.end)] : words
}
const longestAside = 3

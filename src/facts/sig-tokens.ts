/** A dosage in words cut into numbers, words and signs: "Take 1-2 tabs q4-6h (2 total)". */

export type Token = { number: number } | { word: string } | { sign: string }

/** Characters and pieces of one instruction that are read; longer ones are no dosage. */
const longestText = 600
const mostTokens = 160

/** English and Spanish. */
export const spokenNumbers: Readonly<Record<string, number>> = {
  zero: 0,
  half: 0.5,
  media: 0.5,
  medio: 0.5,
  quarter: 0.25,
  one: 1,
  un: 1,
  una: 1,
  uno: 1,
  two: 2,
  dos: 2,
  three: 3,
  tres: 3,
  four: 4,
  cuatro: 4,
  five: 5,
  cinco: 5,
  six: 6,
  seis: 6,
  seven: 7,
  siete: 7,
  eight: 8,
  ocho: 8,
  nine: 9,
  nueve: 9,
  ten: 10,
  diez: 10,
  twelve: 12,
  doce: 12,
}
const fractionSigns: Readonly<Record<string, string>> = { '½': ' 1/2 ', '¼': ' 1/4 ', '¾': ' 3/4 ' }

/** "ii tabs", "T-TT PO": one to three in the manner of apothecaries, before what is counted or the way it is taken. */
const romanCount =
  /\b(i{1,3}|t{1,3})(?: ?- ?(i{1,3}|t{1,3}))? (?=(?:tabs?|tablets?|caps?|capsules?|pills?|po|p\.o)\b)/gi

/** A word, digits, or one sign. */
const piece = /[a-z]+|\d+|[^\sa-z\d]/g

/** Nothing where the text is too long to be a dosage. */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > longestText) return none
  const plain = text
    .replace(/[½¼¾]/g, (sign) => fractionSigns[sign] ?? sign)
    // "q4-6°".
    .replace(/(\d) ?[°º]/g, '$1h')
    .replace(romanCount, (_, first: string, second: string | undefined) =>
      second === undefined ? `${first.length} ` : `${first.length}-${second.length} `,
    )
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
  const tokens = piecesOf(plain).map(tokenOf)
  return tokens.length > mostTokens ? none : withoutEchoes(withFractions(tokens))
}

const none: readonly Token[] = []

/** Pieces in which points stand: `1.5`, `.5`, `b.i.d`. */
function piecesOf(plain: string): string[] {
  const pieces: string[] = []
  let end = -1
  for (const { 0: found, index } of plain.matchAll(piece)) {
    const last = pieces.at(-1) ?? ''
    const isBehind = index === end && last.endsWith('.')
    const isDecimal = isBehind && /^\d/.test(found)
    const isAbbreviation = isBehind && found.length === 1 && last.length > 1 && /^[a-z]$/.test(found)
    if (isDecimal || isAbbreviation || (found === '.' && index === end && isOpen(last)))
      pieces[pieces.length - 1] = last + found
    else pieces.push(found)
    end = index + found.length
  }
  return pieces
}

/** May a point follow and belong to it? One letter of an abbreviation, or digits. */
const isOpen = (last: string) => /^\d+$/.test(last) || /^[a-z]$/.test(last) || /[a-z]\.[a-z]$/.test(last)

function tokenOf(written: string): Token {
  const spoken = spokenNumbers[written]
  if (spoken !== undefined) return { number: spoken }
  const number = /\d/.test(written) ? Number.parseFloat(written) : Number.NaN
  if (Number.isFinite(number)) return { number }
  return /^[a-z]/.test(written) ? { word: written.replaceAll('.', '') } : { sign: written }
}

export const numberAt = (tokens: readonly Token[], at: number): number | undefined => {
  const token = tokens[at]
  return token && 'number' in token ? token.number : undefined
}

export const wordAt = (tokens: readonly Token[], at: number): string | undefined => {
  const token = tokens[at]
  return token && 'word' in token ? token.word : undefined
}

export const signAt = (tokens: readonly Token[], at: number): string | undefined => {
  const token = tokens[at]
  return token && 'sign' in token ? token.sign : undefined
}

/** `1/2` is a half, `1 1/2` and `1 and 1/2` are one and a half, `one half` is a half. */
function withFractions(tokens: readonly Token[]): Token[] {
  const read: Token[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (!token) continue
    const [over, under] = [numberAt(tokens, at), numberAt(tokens, at + 2)]
    const isFraction =
      over !== undefined &&
      under !== undefined &&
      over < under &&
      under <= 4 &&
      signAt(tokens, at + 1) === '/'
    const isSpoken = over === 1 && numberAt(tokens, at + 1) === 0.5
    const isHyphened = over === 1 && signAt(tokens, at + 1) === '-' && under === 0.5
    if (isFraction || isSpoken || isHyphened) {
      addFraction(read, isFraction ? over / under : 0.5)
      at += isSpoken ? 1 : 2
    } else if (over === 0.5 && read.length > 0) {
      addFraction(read, 0.5)
    } else read.push(token)
  }
  return read
}

function addFraction(read: Token[], fraction: number) {
  const joined = wordAt(read, read.length - 1)
  const at = read.length - (joined === 'and' || joined === 'y' ? 2 : 1)
  const whole = numberAt(read, at)
  // A fraction behind a whole number belongs to it, unless that one is a fraction itself.
  if (whole !== undefined && Number.isInteger(whole) && whole > 0) {
    read.length = at
    read.push({ number: whole + fraction })
  } else read.push({ number: fraction })
}

/** `4 (four)` and `four (4)` are one number; `tablet(s)` is a tablet. */
function withoutEchoes(tokens: readonly Token[]): Token[] {
  const read: Token[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (!token) continue
    const isClosed = signAt(tokens, at) === '(' && signAt(tokens, at + 2) === ')'
    const inside = numberAt(tokens, at + 1)
    const isEcho = inside !== undefined && inside === numberAt(read, read.length - 1)
    const isPlural = ['s', 'es'].includes(wordAt(tokens, at + 1) ?? '')
    if (isClosed && (isEcho || isPlural)) at += 2
    else read.push(token)
  }
  return read
}

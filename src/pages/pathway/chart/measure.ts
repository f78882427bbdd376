/**
 * How wide a text is, so that it can be broken into lines: DejaVu Sans, the widest of the fonts that stand where the
 * style sheet's Arial is missing, in parts of the font size. In a narrower font lines end a little before their box.
 */
const widths: readonly (readonly [number, string])[] = [
  [0.29, "'ijlIJ"],
  [0.32, ' ,.’'],
  [0.35, 'f-:;/|'],
  [0.4, '()[]t!'],
  [0.42, 'r'],
  [0.53, 'sz“”?–'],
  [0.57, 'cL'],
  [0.6, 'kFvxyP'],
  [0.7, 'KAVBRXZC'],
  [0.78, 'UHNDGOQ&'],
  [0.84, 'w#+<=>≥≤'],
  [0.88, 'M'],
  [1, 'm%W@…'],
]
const usual = 0.64
const widthOf = new Map(widths.flatMap(([width, letters]) => [...letters].map((letter) => [letter, width])))

/** Bold letters are wider. */
const slack = { plain: 1.01, bold: 1.17 }

export interface Font {
  size: number
  weight: keyof typeof slack
}

export function textWidth(text: string, { size, weight }: Font): number {
  const ems = [...text].reduce((sum, letter) => sum + (widthOf.get(letter) ?? usual), 0)
  return ems * size * slack[weight]
}

/** Lines no wider than this, broken between words. */
export function wrap(text: string, font: Font, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer, font) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

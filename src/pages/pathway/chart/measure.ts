/** How wide a text is, so that it can be broken into lines: Arial and its metric twins, in parts of the font size. */
const widths: readonly (readonly [number, string])[] = [
  [0.222, 'ijl|'],
  [0.278, " ftI.,:;/!'’"],
  [0.333, 'r-()“”'],
  [0.5, 'ckJsvxyz'],
  [0.667, 'ABEKPSVXY'],
  [0.722, 'CDHNRUw'],
  [0.778, 'GOQ'],
  [0.833, 'mM'],
  [0.944, 'W'],
]
const usual = 0.556
const widthOf = new Map(widths.flatMap(([width, letters]) => [...letters].map((letter) => [letter, width])))

/** Bold letters are wider, and fonts that stand in for Arial may be a little. */
const slack = { plain: 1.04, bold: 1.12 }

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

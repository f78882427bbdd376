/** Makes a screenshot small enough for a repository: 256 colours, the most frequent ones, which a page of text has. */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signatureLength = 8
const mostColours = 256

interface Picture {
  width: number
  height: number
  /** 0xRRGGBB by pixel, row by row. */
  colours: Uint32Array
}

/** `png` as Chromium writes it: 8 bits a channel, not interlaced. */
export function withFewColours(png: Buffer): Buffer {
  const picture = decode(png)
  const palette = frequentColours(picture.colours)
  const nearest = nearestIn(palette)
  const { width, height, colours } = picture
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + x + 1] = nearest(colours[y * width + x] ?? 0)
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8 // bits
  head[9] = 3 // a palette
  return Buffer.concat([
    png.subarray(0, signatureLength),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const channels = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255]

function frequentColours(colours: Uint32Array): number[] {
  const counts = new Map<number, number>()
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const sorted = [...counts].sort((a, b) => b[1] - a[1])
  return sorted.slice(0, mostColours).map(([colour]) => colour)
}

/** The place in the palette of the colour that is closest. */
function nearestIn(palette: readonly number[]): (colour: number) => number {
  const known = new Map(palette.map((colour, at) => [colour, at]))
  const distance = (a: number, b: number) => {
    const other = channels(b)
    return channels(a).reduce((sum, channel, at) => sum + (channel - (other[at] ?? 0)) ** 2, 0)
  }
  return (colour) => {
    let place = known.get(colour)
    if (place === undefined) {
      const distances = palette.map((each) => distance(colour, each))
      place = distances.indexOf(Math.min(...distances))
      known.set(colour, place)
    }
    return place
  }
}

function decode(png: Buffer): Picture {
  const data: Buffer[] = []
  for (let at = signatureLength; at < png.length; at += png.readUInt32BE(at) + 12) {
    const isData = png.toString('latin1', at + 4, at + 8) === 'IDAT'
    if (isData) data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  const width = png.readUInt32BE(signatureLength + 8)
  const height = png.readUInt32BE(signatureLength + 12)
  const size = png[signatureLength + 17] === 6 ? 4 : 3
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * size, height, size)
  const colours = Uint32Array.from({ length: width * height }, (_, at) => bytes.readUIntBE(at * size, 3))
  return { width, height, colours }
}

/** The filters of PNG, chapter 9: each row begins with which of them it is written by. */
function unfiltered(rows: Buffer, length: number, height: number, size: number): Buffer {
  const bytes = Buffer.alloc(length * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (length + 1)] ?? 0
    for (let x = 0; x < length; x++) {
      const at = y * length + x
      const left = x >= size ? (bytes[at - size] ?? 0) : 0
      const up = y > 0 ? (bytes[at - length] ?? 0) : 0
      const corner = x >= size && y > 0 ? (bytes[at - length - size] ?? 0) : 0
      const guesses = [0, left, up, (left + up) >> 1, paeth(left, up, corner)]
      bytes[at] = (rows[y * (length + 1) + 1 + x] ?? 0) + (guesses[filter] ?? 0)
    }
  }
  return bytes
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [left, up, corner].map((each) => Math.abs(guess - each)) as [
    number,
    number,
    number,
  ]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const written = Buffer.alloc(named.length + 8)
  written.writeUInt32BE(data.length, 0)
  named.copy(written, 4)
  written.writeUInt32BE(crc32(named), named.length + 4)
  return written
}

/** The public address as a QR code: rows of dark squares, for SVG and for PDF. */
import { encode } from 'uqr'

export interface QrCode {
  /** Squares on a side, the quiet zone included. */
  size: number
  /** A path over a square of that size. */
  path: string
}

export function qrCode(address: string): QrCode {
  const { size, data } = encode(address, { ecc: 'M', border: 4 })
  const runs = data.flatMap((row, y) =>
    [
      ...row
        .map((dark) => (dark ? '#' : ' '))
        .join('')
        .matchAll(/#+/g),
    ].map(({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`),
  )
  return { size, path: runs.join('') }
}

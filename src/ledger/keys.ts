/**
 * What stands in the ledger for a patient, a visit, a clinician and an order: keyed hashes, because an unkeyed hash of an
 * id that counts up is found by counting. With the key they are still the patient's: the ledger stays protected data.
 */
import { hash, hkdfSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Remembered } from '../bounds.ts'
import { sealer } from '../store/seal.ts'

export interface LedgerKeys {
  /** For whoever makes keys of it elsewhere. */
  secret: Buffer
  /** 22 characters for parts that belong together, of one kind. */
  keyOf(kind: 'patient' | 'encounter' | 'clinician' | 'order' | 'told', ...parts: string[]): string
  /** 22 characters by which two findings are compared. */
  findingOf(parts: readonly unknown[]): string
  seal(told: string, text: string): string
  /** Undefined for what was sealed by another key. */
  open(told: string, sealed: string): string | undefined
}

/**
 * What was hashed lately, and is mostly asked for again: the clinician of the next call, the patient of the next order.
 * Texts, and characters of each. In memory alone, as the calls were that brought them.
 */
const mostRemembered = 4000
const longestRemembered = 500

/** `secret` are 32 bytes. */
export function ledgerKeys(secret: Buffer): LedgerKeys {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'lumbar ledger keys', 32))
  const { nameOf, seal, open } = sealer(secret, 'ledger comment')
  const hmac = hmacWith(key)
  const remembered = new Remembered<string>(mostRemembered, longestRemembered)
  const hashed = (text: string) => {
    const known = remembered.get(text)
    if (known !== undefined) return known
    const made = shortened(hmac(text))
    remembered.set(text, made)
    return made
  }
  return {
    secret,
    keyOf: (kind, ...parts) => hashed(JSON.stringify([kind, ...parts])),
    findingOf: (parts) => hashed(JSON.stringify(['finding', parts])),
    seal: (told, text) => seal(nameOf(told), text).toString('base64url'),
    open: (told, sealed) => open(nameOf(told), Buffer.from(sealed, 'base64url')),
  }
}

/** What a sealed text is bound to: its kind, and the name of its row. */
export const sealedName = (kind: string, row: string): string => `${kind} ${row}`

/** Bytes that SHA-256 takes at once. */
const block = 64
/** Of a text that is put behind the key without a buffer of its own; hardly one is longer. */
const usualText = 4096

/**
 * HMAC-SHA-256 (RFC 2104) of a key of at most 64 bytes, as base64url. Not by `createHmac`, which makes the key ready anew for
 * each text and costs a call more than all its rules; and in room that is there already, because each buffer that is made
 * for a digest costs a call as much again.
 */
export function hmacWith(key: Buffer): (text: string) => string {
  const room = (pad: number, more: number) =>
    Buffer.alloc(block + more).fill(
      Buffer.alloc(block).map((_, at) => (key[at] ?? 0) ^ pad),
      0,
      block,
    )
  const [inner, outer] = [room(0x36, usualText), room(0x5c, 32)]
  const behind = (text: string) => {
    // No character takes more than three bytes.
    if (text.length * 3 > usualText) return Buffer.concat([inner.subarray(0, block), Buffer.from(text)])
    return inner.subarray(0, block + inner.write(text, block))
  }
  return (text) => {
    outer.write(hash('sha256', behind(text), 'binary'), block, 'latin1')
    return hash('sha256', outer, 'base64url')
  }
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** The first 16 bytes: 21 digits of six bits, and the two bits that are left. */
const shortened = (base64url: string) =>
  base64url.slice(0, 21) + digits[digits.indexOf(base64url[21] ?? 'A') & 0b110000]

export const newLedgerKey = (): string => randomBytes(32).toString('base64url')

/** The key of a ledger in a file, which stands beside it and is made with it. Throws what the file system says. */
export function keyBeside(file: string): Buffer {
  const path = `${file}.key`
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    // Whoever comes second takes that of the first.
    writeFileSync(path, `${newLedgerKey()}\n`, { flag: 'wx', mode: 0o600 })
    chmodSync(path, 0o600)
  }
  return Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
}

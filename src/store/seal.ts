/** Encrypts what is kept at rest: a copy of the database opens no chart, and names no launch. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
/** Bytes. */
const sizes = { key: 32, iv: 12, tag: 16 }

interface Sealer {
  /** What stands for an id: found again by it, and not to be turned back. */
  nameOf(id: string): Buffer
  /** Bound to its name, so that rows cannot be exchanged. */
  seal(name: Buffer, text: string): Buffer
  /** Undefined for what was sealed by another key, or changed. */
  open(name: Buffer, sealed: Buffer): string | undefined
}

/** A key of its own for each use; `secret` are 32 bytes. */
export const keyFrom = (secret: Buffer, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `lumbar smart ${use}`, sizes.key))

export function sealer(secret: Buffer, kind: string): Sealer {
  const [nameKey, textKey] = [keyFrom(secret, `${kind} name`), keyFrom(secret, `${kind} text`)]
  return {
    nameOf: (id) => createHmac('sha256', nameKey).update(id).digest(),
    seal: (name, text) => {
      const iv = randomBytes(sizes.iv)
      const cipher = createCipheriv(algorithm, textKey, iv).setAAD(name)
      const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), encrypted])
    },
    open: (name, sealed) => {
      try {
        const iv = sealed.subarray(0, sizes.iv)
        const tag = sealed.subarray(sizes.iv, sizes.iv + sizes.tag)
        const decipher = createDecipheriv(algorithm, textKey, iv).setAAD(name).setAuthTag(tag)
        const text = decipher.update(sealed.subarray(sizes.iv + sizes.tag))
        return Buffer.concat([text, decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}

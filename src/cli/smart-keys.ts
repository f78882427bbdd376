/** `npm run smart-keys`: makes a key of the SMART app, or the key by which its launches are encrypted in a database. */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { Misunderstood, readArguments, readNamedObject } from './arguments.ts'
import { type Print, run } from './run.ts'

const usage = `npm run --silent smart-keys -- --algorithm ES384 > keys.json      one new key (ES384 or RS384)
npm run --silent smart-keys -- --add-to keys.json > next.json      the keys of keys.json, and a new one after them
npm run --silent smart-keys -- --session                           a value for SMART_SESSION_KEY

The first key of each algorithm signs. To change keys: add a new one, wait until EHRs have fetched it (an hour, or as
they say), then move it to the front; take the old one out when its last assertions have expired, minutes later.`

async function smartKeys(words: readonly string[], print: Print): Promise<void> {
  const { values } = readArguments(
    words,
    {
      algorithm: { type: 'string', default: 'ES384' },
      'add-to': { type: 'string' },
      session: { type: 'boolean', default: false },
    },
    0,
  )
  if (!['ES384', 'RS384'].includes(values.algorithm))
    throw new Misunderstood(`There is no algorithm "${values.algorithm}" here.\n${usage}`)
  if (values.session) return print(randomBytes(32).toString('base64url'))
  const keys = [...keysIn(values['add-to']), newKey(values.algorithm)]
  print(JSON.stringify({ keys }, null, 2))
}

function keysIn(file: string | undefined): unknown[] {
  if (file === undefined) return []
  const { keys } = readNamedObject(file)
  if (!Array.isArray(keys)) throw new Misunderstood(`${file} holds no keys: it is to hold { "keys": [ … ] }`)
  return keys
}

function newKey(alg: string): object {
  const { privateKey } =
    alg === 'ES384'
      ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
      : generateKeyPairSync('rsa', { modulusLength: 3072 })
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg, use: 'sig' }
}

await run(smartKeys)

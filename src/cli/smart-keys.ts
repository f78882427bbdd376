/** `npm run smart-keys`: makes a key of the SMART app, or the key by which its launches are encrypted in a database. */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const usage = `npm run --silent smart-keys -- --algorithm ES384 > keys.json      one new key (ES384 or RS384)
npm run --silent smart-keys -- --add-to keys.json > next.json      the keys of keys.json, and a new one after them
npm run --silent smart-keys -- --session                           a value for SMART_SESSION_KEY

The first key of each algorithm signs. To change keys: add a new one, wait until EHRs have fetched it (an hour, or as
they say), then move it to the front; take the old one out when its last assertions have expired, minutes later.`

const { values } = parseArgs({
  options: {
    algorithm: { type: 'string', default: 'ES384' },
    'add-to': { type: 'string' },
    session: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help || !['ES384', 'RS384'].includes(values.algorithm)) console.log(usage)
else if (values.session) console.log(randomBytes(32).toString('base64url'))
else console.log(JSON.stringify({ keys: [...keysIn(values['add-to']), newKey(values.algorithm)] }, null, 2))

function keysIn(path: string | undefined): object[] {
  return path === undefined ? [] : (JSON.parse(readFileSync(path, 'utf8')) as { keys: object[] }).keys
}

function newKey(alg: string): object {
  const { privateKey } =
    alg === 'ES384'
      ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
      : generateKeyPairSync('rsa', { modulusLength: 3072 })
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg, use: 'sig' }
}

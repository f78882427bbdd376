/** What the report needs to be asked on another engine: its SQL cut into statements, keys made alike, a JDK found, mistakes told. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../population/engine.ts'
import { readViews } from '../../population/intake.ts'
import { findTools } from '../../population/spark/java.ts'
import { columnsOf } from '../../population/spark/spark.ts'
import { checkSparkOptions, commandOf } from '../../population/spark/start.ts'

const place = mkdtempSync(join(tmpdir(), 'lumbar-engine-'))
afterAll(() => rmSync(place, { recursive: true }))

describe('a text of several statements', () => {
  test.each([
    ['SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
    ["SELECT ';' AS a -- one; two\n, 'it''s' AS b", ["SELECT ';' AS a \n, 'it''s' AS b"]],
    ['SELECT "a;b", `c;d`, 2 - 1;', ['SELECT "a;b", `c;d`, 2 - 1']],
    ['SELECT "it\'s"; SELECT `a\'b`', ['SELECT "it\'s"', "SELECT `a'b`"]],
    ['-- nothing\n;\n', []],
  ])('%j is cut where it is meant', (sql, statements) => {
    expect(statementsOf(sql)).toEqual(statements)
  })
})

test('every key of every view is cut down to an id of its type, and nothing else is changed but decimals', () => {
  const columns = readViews().flatMap((view) => columnsOf(view))
  const changed = columns.filter((column) => column.includes(' AS '))
  const patient = `nullif(regexp_extract("patient", '(?:^|/)Patient/([A-Za-z0-9.-]+)', 1), '') AS "patient"`
  expect(columns.filter((column) => column === patient).length).toBe(8)
  expect(changed.filter((column) => column.startsWith('nullif(')).length).toBe(30)
  expect(changed.filter((column) => column.startsWith('CAST('))).toEqual(
    Array(2).fill('CAST("supply_days" AS DOUBLE) AS "supply_days"'),
  )
})

describe('a JDK is looked for', () => {
  const jdk = (name: string, version: string, files = ['java', 'javac']) => {
    const home = join(place, name)
    mkdirSync(join(home, 'bin'), { recursive: true })
    writeFileSync(join(home, 'release'), `IMPLEMENTOR="X"\nJAVA_VERSION="${version}"\n`)
    for (const file of files) {
      writeFileSync(join(home, 'bin', file), '')
      chmodSync(join(home, 'bin', file), 0o755)
    }
    return home
  }
  const maven = join(place, 'maven/bin')
  let old: string
  let current: string
  beforeAll(() => {
    mkdirSync(maven, { recursive: true })
    writeFileSync(join(maven, 'mvn'), '')
    old = jdk('jvm/a-17', '17.0.15')
    current = jdk('jvm/b-25', '25.0.3')
    jdk('runtimes/c-25', '25.0.3', ['java'])
    jdk('ancient/d-8', '1.8.0_392')
  })
  const jvm = join(place, 'jvm')

  test('in JAVA_HOME first, then in the path, then where they are installed, and only one that is new enough', () => {
    const path = `${maven}:${join(old, 'bin')}`
    expect(findTools({ PATH: path, JAVA_HOME: current }, [])).toEqual({ javaHome: current, missing: [] })
    expect(findTools({ PATH: `${path}:${join(current, 'bin')}`, JAVA_HOME: old }, [jvm]).javaHome).toBe(
      current,
    )
    expect(findTools({ PATH: `${join(current, 'bin')}:${maven}` }, []).javaHome).toBe(current)
    expect(findTools({ PATH: path }, [join(place, 'no such'), jvm]).javaHome).toBe(current)
  })

  test.each([
    ['runtimes', 'the newest here is 25'],
    ['ancient', 'the newest here is 8'],
    ['no such', 'no Java is here'],
  ])('and what is missing is said: %s', (folder, here) => {
    expect(findTools({ PATH: place }, [join(place, folder)])).toEqual({
      javaHome: undefined,
      missing: [
        `Spark with Pathling needs a JDK from 21 up, and ${here}. Install one (Temurin 25, for example) or name its folder in JAVA_HOME.`,
        'Maven (mvn) is not installed. It brings Spark and Pathling from Maven Central.',
      ],
    })
  })
})

describe('Spark is started', () => {
  const target = join(place, 'spark/target')
  beforeAll(() => {
    mkdirSync(target, { recursive: true })
    writeFileSync(join(target, 'classpath'), '/m2/spark.jar:/m2/pathling.jar\n')
    writeFileSync(join(target, 'sent'), '/m2/pathling.jar')
  })

  test('on this machine with all that Maven brought, and nothing is sent anywhere', () => {
    const words = commandOf({ warehouse: '/w', memory: '3g' }, target, '/jdk')
    expect(words[0]).toBe('/jdk/bin/java')
    expect(words).toContain('-Xmx3g')
    expect(words.join(' ')).toContain(
      'org.apache.spark.deploy.SparkSubmit --master local[*] --deploy-mode client',
    )
    expect(words).toContain('spark.sql.warehouse.dir=file:///w')
    expect(words).not.toContain('--jars')
  })

  test("on a cluster by its own spark-submit, with what a cluster's Spark lacks", () => {
    const options = {
      submit: '/opt/spark/bin/spark-submit',
      properties: 'c.conf',
      memory: '3g',
      warehouse: 'hdfs://n/w',
    }
    const words = commandOf(options, target, '/jdk')
    expect(words[0]).toBe('/opt/spark/bin/spark-submit')
    expect(words.join(' ')).toContain('--properties-file c.conf --jars /m2/pathling.jar')
    expect(words.join(' ')).toContain('spark.sql.warehouse.dir=hdfs://n/w --driver-memory 3g')
    // Its settings say which master.
    expect(words).not.toContain('--master')
  })

  test.skipIf(findTools().missing.length > 0).each([
    [{ master: 'everywhere' }, '--master everywhere: local[4], spark://<host>:7077'],
    [{ memory: 'lots' }, '--memory lots: megabytes or gigabytes'],
    [{ submit: '/no/spark-submit' }, '--submit: there is no /no/spark-submit.'],
    [{ properties: 'no.conf' }, '--properties: there is no no.conf.'],
    [{ master: 'spark://host:7077' }, 'On a cluster say --warehouse'],
  ])('not as %j says: a sentence tells why', (options, sentence) => {
    expect(() => checkSparkOptions(options)).toThrow(sentence)
  })
})

/** The JDK that Spark and Pathling run on: from 21 up, wherever it is on this machine. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** Pathling's classes are compiled for it. */
const leastJava = 21

interface Tools {
  /** Home of a JDK that is new enough; undefined where there is none. */
  javaHome: string | undefined
  /** One sentence for each that is missing. */
  missing: readonly string[]
}

/** Of the environment `JAVA_HOME` and `PATH` are read; `installed` are folders with JDKs in them. */
export function findTools(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  installed: readonly string[] = ['/usr/lib/jvm', '/Library/Java/JavaVirtualMachines', '/opt/java'],
): Tools {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = (name: string) => folders.map((folder) => join(folder, name)).find(existsSync)
  const java = onPath('java')
  const homes = [
    environment.JAVA_HOME ?? '',
    ...(java === undefined ? [] : [dirname(dirname(realpathSync(java)))]),
    ...installed.flatMap(homesIn),
  ].filter((home) => home !== '')
  const javaHome = homes.find((home) => versionOf(home) >= leastJava && existsSync(join(home, 'bin/javac')))
  const missing: string[] = []
  if (javaHome === undefined) {
    const newest = Math.max(0, ...homes.map(versionOf))
    const here = newest === 0 ? 'no Java is here' : `the newest here is ${newest}`
    missing.push(
      `Spark with Pathling needs a JDK from ${leastJava} up, and ${here}. Install one (Temurin 25, for example) or name its folder in JAVA_HOME.`,
    )
  }
  if (onPath('mvn') === undefined)
    missing.push('Maven (mvn) is not installed. It brings Spark and Pathling from Maven Central.')
  return { javaHome, missing }
}

function homesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .flatMap((name) => [join(folder, name), join(folder, name, 'Contents/Home')])
}

/** As every JDK says of itself in its file `release`: 25, or 0 where that cannot be read. */
function versionOf(home: string): number {
  const file = join(home, 'release')
  if (!existsSync(file)) return 0
  return Number(/^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0)
}

/** What HAPI needs on this machine: Java from 17 up, and Maven. */
import { spawnSync } from 'node:child_process'

const leastJava = 17

/** One sentence for each tool that is missing or too old. */
export function missingTools(run: (command: string, option: string) => string | undefined = told): string[] {
  const java = run('java', '-version')
  const version = Number(/version "(?:1\.)?(\d+)/.exec(java ?? '')?.[1] ?? 0)
  const missing: string[] = []
  if (java === undefined) missing.push(`Java is not installed. HAPI needs a JDK from ${leastJava} up.`)
  else if (version < leastJava)
    missing.push(`Java ${version || '(unknown)'} is too old. HAPI needs a JDK from ${leastJava} up.`)
  else if (run('javac', '-version') === undefined)
    missing.push('Java is here without its compiler. HAPI is put together with a JDK.')
  if (run('mvn', '-version') === undefined)
    missing.push('Maven (mvn) is not installed. It brings HAPI from Maven Central.')
  return missing
}

/** Some versions speak to standard error. Undefined when there is no such command. */
function told(command: string, option: string): string | undefined {
  const { error, stdout, stderr } = spawnSync(command, [option], { encoding: 'utf8', timeout: 30_000 })
  return error ? undefined : stdout + stderr
}

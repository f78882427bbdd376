/** HAPI, as Maven brings it. */
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { buildWithMaven } from '../../tools/maven.ts'

/** What Java needs to find the server. Throws a Misunderstood with Maven's own words. */
export async function buildHapi(root: string, say: (text: string) => void): Promise<string> {
  const target = await buildWithMaven(
    {
      name: 'HAPI FHIR',
      folder: join(root, 'sandbox/hapi'),
      goal: 'compile',
      made: 'classes/lumbar/hapi/HapiServer.class',
      lists: ['classpath'],
      fetches: 'some 450 MB',
    },
    say,
  )
  return [join(target, 'classes'), readFileSync(join(target, 'classpath'), 'utf8')].join(delimiter)
}

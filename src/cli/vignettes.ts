/** Clinical examples for the commands that show or compare them. The one door through which `src` sees `tests`. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadVignettes, siteSettings, type Vignette } from '../../tests/language/vignette.ts'
import { toCall } from '../../tests/support/call.ts'
import { createEvaluator, type Evaluator, type Explanation } from '../evaluate.ts'
import { parseCall } from '../hooks/call.ts'
import { services } from '../hooks/services.ts'
import type { Content } from '../pathway/content.ts'
import { siteFile } from '../site/schema.ts'

export { coding } from '../../tests/language/code.ts'
export type { Vignette }

const folder = 'tests/vignettes'

/** In file order; none where the folder is not there. */
export function readVignettes(root: string): Vignette[] {
  const path = join(root, folder)
  return existsSync(path) ? loadVignettes(path).flatMap(({ vignettes }) => vignettes) : []
}

export type Judge = (vignette: Vignette) => Promise<Explanation>

/** Judges by the pathway as written: of the site counts only what the vignette says of it. */
export function judgeOf(content: Content): Judge {
  const evaluators = new Map<string, Evaluator>()
  let today = ''
  return (vignette) => {
    const service = services.find(({ hook }) => hook === vignette.hook)
    if (!service) throw new Error(`${vignette.vignette}: there is no service for ${vignette.hook}`)
    const settings = siteSettings(vignette.site)
    const key = JSON.stringify(settings)
    const evaluator =
      evaluators.get(key) ??
      createEvaluator(
        { ...content, site: siteFile.parse(settings) },
        { today: () => today, newId: () => 'id' },
      )
    evaluators.set(key, evaluator)
    today = vignette.today
    return evaluator.explain(parseCall(toCall(vignette), service))
  }
}

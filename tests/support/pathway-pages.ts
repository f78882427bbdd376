/** The pathway's pages of the real content, served for tests; a test may change what the site has set. */
import Fastify, { type FastifyInstance } from 'fastify'
import { compileFacts } from '../../src/facts/find-facts.ts'
import { makePathwayPages } from '../../src/pages/pathway/pages.ts'
import { pathwayRoutes } from '../../src/pages/pathway/routes.ts'
import type { Content } from '../../src/pathway/content.ts'
import { realContent, root } from './evaluator.ts'

export function pathwayApp(change: (content: Content) => Content = (content) => content): FastifyInstance {
  const content = change(realContent())
  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } })
  const pages = makePathwayPages(root, content, compileFacts(content).reads)
  for (const route of pathwayRoutes(async () => pages)) app.route(route)
  return app
}

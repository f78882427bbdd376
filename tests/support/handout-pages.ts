/** The pages for patients of the real content, served for tests; a test may change what the site has set. */
import Fastify, { type FastifyInstance } from 'fastify'
import { handoutRoutes } from '../../src/handouts/routes.ts'
import type { Content } from '../../src/pathway/content.ts'
import { realContent } from './evaluator.ts'

/** A site that has filled in all that patients are told about it. */
export function fullSite(content: Content): Content {
  const site: Content['site'] = {
    ...content.site,
    handouts: {
      'public-url': 'https://lumbar.example.org',
      'clinic-phone': '206-555-0100',
      'interpreter-phone': '206-555-0101',
    },
    directory: [
      { for: 'physical-therapy', name: 'Spine Center Physical Therapy', phone: '206-555-0102' },
      { for: 'chiropractic', name: 'Harbor Chiropractic' },
      { for: 'lumbar-mri', name: 'Imaging that no patient is sent to by a page' },
    ],
    programmes: [
      { name: 'Back care at home', url: 'https://example.org/back' },
      { name: 'Members only', url: 'https://example.org/members', payers: ['Example Health Plan'] },
    ],
  }
  return { ...content, site }
}

export function handoutApp(change: (content: Content) => Content = fullSite): FastifyInstance {
  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } })
  for (const route of handoutRoutes(change(realContent()))) app.route(route)
  return app
}

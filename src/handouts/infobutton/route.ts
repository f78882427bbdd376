/** `GET /infobutton`: our pages for EHRs that know neither CDS Hooks nor SMART. Nothing about the patient is kept. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PageRoute } from '../../pages/page.ts'
import type { Content } from '../../pathway/content.ts'
import { asAtom, asJson, feedFor } from './feed.ts'
import { readQuestion } from './question.ts'

/** `publicUrl` is where patients reach the pages; where a site has not said so, where the EHR reached us. */
export function infobuttonRoute(content: Content, publicUrl: string | undefined): PageRoute {
  return {
    method: 'GET',
    url: '/infobutton',
    handler: (request: FastifyRequest, reply: FastifyReply) => {
      const question = readQuestion(request.query)
      const feed = feedFor(content, question, publicUrl ?? reachedAt(request))
      reply.header('cache-control', 'no-store')
      if (question.kind === 'json') return reply.type('application/json; charset=utf-8').send(asJson(feed))
      if (question.kind === 'atom')
        return reply.type('application/atom+xml; charset=utf-8').send(asAtom(feed))
      // A browser is shown the list; for a code that is not ours, the page that says so.
      const list = feed.entries.length > 0 ? feed.language : 'nothing-on-this'
      return reply.redirect(`/handouts/${list}`, 303)
    },
  }
}

/** The sender's own word for us, in an answer that only the sender gets; nothing where it is no host. */
function reachedAt({ protocol, host }: FastifyRequest): string {
  const address = `${protocol}://${host}`
  return URL.canParse(address) && new URL(address).origin === address ? address : ''
}

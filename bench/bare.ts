/** The yardstick: a bare Fastify route that parses the same body and answers one constant card. */
import Fastify from 'fastify'

const card = {
  uuid: 'a3c2f1de-5b0c-4d1e-9f5a-2b7c9d1e4f60',
  summary: 'Lumbar imaging is not needed in the first six weeks of low-back pain without red flags',
  indicator: 'warning',
  source: { label: 'A guideline', url: 'https://example.org/guideline' },
}

const app = Fastify({ bodyLimit: 8_388_608 })
app.post('/cds-services/:id', (request) => ({ cards: request.body ? [card] : [] }))

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })

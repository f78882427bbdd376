/** `why` below a launch: the evaluation that the card's link names, if it is of this patient and still kept. */
import { setImmediate } from 'node:timers/promises'
import type { Patient } from 'fhir/r4.js'
import type { Evaluator } from '../../evaluate.ts'
import type { Content } from '../../pathway/content.ts'
import type { LaunchPage } from '../../smart/routes.ts'
import { aboutOf } from '../about.ts'
import type { AnswerBook } from '../book.ts'
import { outcomeIn } from '../recording.ts'
import type { EvaluationBook } from './evaluations.ts'
import { checkKept, findKept } from './kept.ts'
import { goneWhyPage, whyPage } from './page.ts'

export interface WhySetup {
  content: Content
  evaluator: Pick<Evaluator, 'judgeKept' | 'why'>
  evaluations: EvaluationBook
  book: AnswerBook
  now: () => Date
  /** A moment as a card tells it: `10:32`, or with its day where that is another. */
  tellTime: (at: Date) => string
  /** Address of the app's style sheet as browsers see it. */
  style: () => string
  /** Address of the pathway's pages as browsers see it. */
  pathway: () => string
}

export const whyPath = 'why'

export function whyPages(setup: WhySetup): readonly LaunchPage[] {
  const { evaluator, book, tellTime } = setup
  return [
    {
      method: 'GET',
      path: whyPath,
      handler: async (launch, request, reply) => {
        const found = await findKept(setup.evaluations, launch)
        const kept = found?.evaluation
        const wanted = (request.query as { card?: string }).card ?? found?.card
        const card = kept?.cards[Number(wanted)] ?? kept?.cards[0]
        reply.type('text/html; charset=utf-8')
        if (!kept || !card) {
          request.log.info({ outcome: 'why-not-kept', issuer: launch.ehr.iss })
          return reply.code(410).send(goneWhyPage(launch, setup.style()))
        }
        const given = await book.find(aboutOf(launch))
        const checked = await checkKept(setup, kept, given, setImmediate)
        const patient = launch.fhir.read<Patient>('Patient', launch.patient).catch(() => undefined)
        const facts = kept.cases[card.orders[0] ?? 0]?.facts ?? new Map()
        const isSame = checked.cards.some(({ summary }) => summary === card.summary)
        return reply.send(
          whyPage({
            launch,
            patient: await patient,
            card,
            why: evaluator.why(card, facts),
            orders: card.orders.flatMap((at) => kept.cases[at]?.name || []),
            at: tellTime(new Date(kept.at)),
            version: kept.version,
            others: kept.cards.flatMap(({ summary }, at) =>
              kept.cards[at] === card ? [] : [{ at, summary }],
            ),
            checked,
            answeredAt: given && tellTime(new Date(given.at)),
            now: isSame ? undefined : checked.cards,
            saved: outcomeIn(request.query),
            style: setup.style(),
            rules: `${setup.pathway()}/rules/`,
          }),
        )
      },
    },
  ]
}

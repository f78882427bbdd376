/** The pages of the app: why a card was shown, the handout, the checklist, and what their links open in windows of their own. */
import { withoutClosingSlashes } from './bounds.ts'
import type { AnswerBook, HandedOut } from './checklist/book.ts'
import { questionnaireRoute } from './checklist/questionnaire.ts'
import { checklistPages } from './checklist/routes.ts'
import type { EvaluationBook } from './checklist/why/evaluations.ts'
import { whyPages } from './checklist/why/routes.ts'
import type { Evaluator } from './evaluate.ts'
import { type HandoutSetup, handoutPages, handoutRoutes, printLinks } from './handouts/app/routes.ts'
import { factsAsked } from './handouts/compose.ts'
import { handoutPdf } from './handouts/pdf.ts'
import type { Route } from './http/places.ts'
import type { Content } from './pathway/content.ts'
import type { Needs } from './smart/launch/ehrs.ts'
import { styleAddress } from './smart/page.ts'
import type { LaunchPage } from './smart/routes.ts'
import type { Stores } from './store/store.ts'

export interface AppSetup {
  content: Content
  evaluator: Evaluator
  book: AnswerBook
  handedOut: HandedOut
  evaluations: EvaluationBook
  stores: Pick<Stores, 'kept'>
  now: () => Date
  /** As 2026-11-22, where the hospital is. */
  today: () => string
  tellTime: (at: Date) => string
  /** The address before `/smart` as browsers see it, without a slash at its end. */
  publicUrl: string | undefined
}

interface AppPages {
  pages: readonly LaunchPage[]
  routes: readonly Route[]
  /** For the scopes of a launch. */
  needs: Needs
}

/** Without pages for patients only why a card was shown, and the checklist. */
export function appPages(setup: AppSetup): AppPages {
  const { content, publicUrl, stores, now } = setup
  const prefix = () => withoutClosingSlashes(new URL(publicUrl ?? 'http://localhost').pathname)
  const style = () => prefix() + styleAddress
  const asking = [
    ...whyPages({ ...setup, style, pathway: () => `${prefix()}/pathway` }),
    ...checklistPages({ ...setup, style }),
  ]
  const questionnaire = questionnaireRoute(content)
  const needs = needsOf(setup)
  if (!content.handouts) return { pages: asking, routes: [questionnaire], needs }
  const { languages } = content.handouts
  const hasPdf = (language: string) => Object.hasOwn(languages, language) && languages[language]?.pdf === true
  const handout: HandoutSetup = {
    ...setup,
    links: printLinks(stores.kept, () => now().getTime()),
    prefix,
    style,
    pdf: async (made, givenTo) =>
      hasPdf(made.language) ? handoutPdf(made, givenTo ? { givenTo } : {}) : undefined,
    hasPdf,
  }
  return {
    pages: [...handoutPages(handout), ...asking],
    routes: [...handoutRoutes(handout), questionnaire],
    needs,
  }
}

/** What the rules and the handout read, and how the answers of the checklist are written into the chart. */
function needsOf({ content, evaluator }: AppSetup): Needs {
  const forHandout = content.handouts ? ['Coverage', ...evaluator.readsOf(factsAsked(content))] : []
  const reads = new Set([...evaluator.reads('order-sign'), ...forHandout])
  return { reads: [...reads].sort(), creates: ['QuestionnaireResponse', 'Observation'] }
}

/** The prefetch templates that a service publishes (PF-1 to PF-5, DISC-16). */
import type { Entry } from '../client.ts'
import type { Findings, Verdict } from '../findings.ts'
import { type Exchange, hasText } from '../http.ts'
import type { RequirementId } from '../requirements.ts'

/** Fields of each hook's context that may stand in a template; all others of a known hook may not. */
const tokenFields = new Map(
  Object.entries({
    'patient-view': ['userId', 'patientId', 'encounterId'],
    'order-select': ['userId', 'patientId', 'encounterId'],
    'order-sign': ['userId', 'patientId', 'encounterId'],
    'encounter-start': ['userId', 'patientId', 'encounterId'],
    'encounter-discharge': ['userId', 'patientId', 'encounterId'],
    'appointment-book': ['userId', 'patientId', 'encounterId'],
    'order-dispatch': ['patientId', 'dispatchedOrders', 'performer', 'order'],
    'problem-list-item-create': ['userId', 'patientId', 'encounterId'],
    'allergyintolerance-create': ['userId', 'patientId', 'encounterId'],
    'medication-refill': ['userId', 'patientId', 'encounterId'],
    'medication-prescribe': ['userId', 'patientId', 'encounterId'],
    'order-review': ['userId', 'patientId', 'encounterId'],
  }),
)

const userTokens = ['userPractitionerId', 'userPractitionerRoleId', 'userPatientId', 'userRelatedPersonId']
const aRead = /^[A-Z][A-Za-z]+\/(\{\{[^{}]+\}\}|[\w.-]+)$/
/** The whole of a read stands in the token. */
const aReference = /^\{\{\s*context\.(userId|performer)\s*\}\}$/
/** Blanks stand in tokens only. */
const aSearch = /^[A-Z][A-Za-z]+\?(?:[^\s{}]|\{\{[^{}]*\}\})*$/
/** `today()` with days; paths from the context or from an earlier key, along elements, `resolve()` and `ofType()`. */
const aDay = /^today\(\)(?: *[+-] *\d+ days?)?$/
const aPath = /^(?:context|%\w+)(?:\.(?:\w+|resolve\(\)|ofType\([A-Z][A-Za-z]+\)))+$/
const allowedPrefixes = /^(eq|lt|gt|ge|le)?(\d|\{\{)/

export function checkTemplates(entry: Entry, findings: Findings, exchange: Exchange): void {
  const keys = Object.keys(entry.prefetch)
  const isBallot = hasText(entry.raw.version) && entry.raw.version.startsWith('3')
  const add = (id: RequirementId, key: string, verdict: boolean | Verdict, says: string) => {
    const told = `${entry.id}, ${key}: ${says}`
    if (typeof verdict === 'boolean') findings.judge(id, verdict, told, exchange)
    else findings.cannotTell(id, told, exchange)
  }
  for (const [key, template] of Object.entries(entry.prefetch)) {
    const isLegal = aRead.test(template) || aReference.test(template) || aSearch.test(template)
    add('PF-1', key, isLegal, template)
    for (const token of tokensIn(template)) checkToken(token, key)
    if (aSearch.test(template)) {
      const odd = outsideSubset(template)
      add('PF-5', key, odd.length === 0, odd.length === 0 ? template : `${odd.join(', ')} in ${template}`)
    }
  }

  function checkToken(token: string, key: string): void {
    const says = `{{${token}}}`
    const [, field] = /^context\.(\w+)$/.exec(token) ?? []
    if (field !== undefined) {
      const allowed = tokenFields.get(entry.hook)
      add('PF-2', key, allowed ? allowed.includes(field) : 'cannot tell', says)
      add('PF-3', key, true, says)
    } else if (/^user\w+Id$/.test(token)) add('PF-4', key, userTokens.includes(token), says)
    else if (/^today\(\)/.test(token) || token.startsWith('%') || token.startsWith('context.')) {
      const others = [...token.matchAll(/%(\w+)/g)].map(([, other = '']) => other)
      for (const other of others.filter((name) => name !== 'context'))
        add('DISC-16', key, keys.slice(0, keys.indexOf(key)).includes(other), `depends on ${other}`)
      add('PF-3', key, isBallot ? 'cannot tell' : false, `${says} is FHIRPath of 3.0-ballot`)
      if (isBallot) add('PF-7', key, isSimplerFhirPath(token), says)
    } else add('PF-2', key, false, says)
  }
}

const isSimplerFhirPath = (token: string) =>
  aDay.test(token) || token.split('|').every((path) => aPath.test(path.trim()))

const tokensIn = (template: string) =>
  [...template.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, token = '']) => token.trim())

/** What of a search clients need not know. */
function outsideSubset(template: string): string[] {
  return template
    .slice(template.indexOf('?') + 1)
    .split('&')
    .flatMap((parameter) => {
      const [name = '', value = ''] = parameter.split(/=(.*)/s)
      const [bare = '', modifier] = name.split(':')
      if (bare.startsWith('_') && !['_count', '_sort', '_id', '_lastUpdated', '_maxresults'].includes(bare))
        return [bare]
      if (bare.includes('.')) return [`chain ${bare}`]
      if (modifier !== undefined && modifier !== 'in' && bare !== '_sort') return [`:${modifier}`]
      if (/^(date|.*-date|period|onset|_lastUpdated|authored.*)$/.test(bare) && !allowedPrefixes.test(value))
        return [`${bare}=${value.slice(0, 12)}`]
      return []
    })
}

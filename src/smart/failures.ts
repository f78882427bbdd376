/** Everything by which a launch may fail: a stable code for the log, a status, and what the person at the screen reads (R14). */
export const smartFailures = {
  'bad-launch': {
    status: 400,
    title: 'This launch is incomplete',
    say: 'The EHR did not say which record to open. Open the app again from the chart.',
  },
  'unknown-ehr': {
    status: 400,
    title: 'This EHR is not registered',
    say: 'The app opens only from EHRs that it is registered at. Ask whoever runs it to list this one.',
  },
  'no-ehr': {
    status: 404,
    title: 'No EHR to open',
    say: 'No EHR is set up for opening the app by itself. Open it from a chart.',
  },
  'ehr-not-reached': {
    status: 502,
    title: 'The EHR does not answer',
    say: 'The EHR could not be asked how to sign in. Wait a little and open the app again.',
  },
  'ehr-not-fit': {
    status: 502,
    title: 'The EHR cannot open this app',
    say: 'What the EHR says of its sign-in is not safe to use, or is incomplete. Tell whoever runs the app.',
  },
  'unknown-state': {
    status: 400,
    title: 'This sign-in is not known',
    say: 'It was not begun in this browser, was finished already, or took too long. Open the app again from the chart.',
  },
  'bad-callback': {
    status: 400,
    title: 'This sign-in is incomplete',
    say: 'The EHR sent neither a permission nor a refusal. Open the app again from the chart.',
  },
  'access-refused': {
    status: 403,
    title: 'The EHR did not allow access',
    say: 'You or the EHR refused what the app asked for. Open it again from the chart if that was not meant.',
  },
  'token-refused': {
    status: 502,
    title: 'The EHR did not let the app in',
    say: 'The EHR refused to finish the sign-in. Open the app again from the chart.',
  },
  'token-not-fit': {
    status: 502,
    title: 'The EHR did not let the app in',
    say: 'The EHR finished the sign-in in a way that the app cannot use. Tell whoever runs the app.',
  },
  'identity-not-proven': {
    status: 502,
    title: 'The EHR did not prove who you are',
    say: 'What the EHR said about the signed-in user could not be verified, so nothing is shown. Tell whoever runs the app.',
  },
  'no-patient': {
    status: 400,
    title: 'No patient was chosen',
    say: 'The EHR opened the app without a patient. Choose a patient there and open it again.',
  },
  'launch-ended': {
    status: 403,
    title: 'This page has ended',
    say: 'Access to the chart has ended, or it was opened in another browser or window. Open the app again from the chart.',
  },
  'not-from-here': {
    status: 403,
    title: 'This was not sent from the page',
    say: 'Nothing was done. Go back, reload the page and try again.',
  },
  'print-ended': {
    status: 410,
    title: 'This page can be opened only once',
    say: 'It was opened already, or its ten minutes have passed. Reload the handout in the EHR and choose Print again.',
  },
  'chart-not-read': {
    status: 502,
    title: 'The chart could not be read',
    say: 'The EHR did not give what the page needs. Wait a little and reload the page.',
  },
  'store-unavailable': {
    status: 503,
    title: 'The app cannot open now',
    say: 'It cannot keep what it needs for this launch. Wait a little and open it again.',
  },
  'internal-error': {
    status: 500,
    title: 'The app failed',
    say: 'It is a mistake of the app. Nothing was done; open it again from the chart.',
  },
} as const

export type SmartCode = keyof typeof smartFailures

/** `detail` is a word of ours or of OAuth's closed list, for the log. Nothing of what was sent is in it. */
export class SmartFailure extends Error {
  readonly code: SmartCode
  readonly detail: string | undefined
  /** The FHIR server in whose name, as far as it is one of ours. */
  readonly issuer: string | undefined

  constructor(code: SmartCode, detail?: string, issuer?: string) {
    super(smartFailures[code].say)
    this.name = 'SmartFailure'
    this.code = code
    this.detail = detail
    this.issuer = issuer
  }
}

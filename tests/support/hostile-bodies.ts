/** Bodies and requests that are wrong on purpose, each with a patient in it, so that a careless log would show. */

interface HostileRequest {
  what: string
  path: string
  body: string | Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
}

/** `call` is a sound call; `path` where it belongs. */
export function hostileRequests(call: Record<string, unknown>, path: string): HostileRequest[] {
  const sound = JSON.stringify(call)
  const context = call.context as Record<string, unknown>
  const patientId = String(context.patientId)
  const json = (value: unknown) => JSON.stringify(value)
  const changed = (more: object) => json({ ...call, ...more })
  const at = (what: string, body: HostileRequest['body'], headers: Record<string, string> = {}) => ({
    what,
    path,
    body,
    headers,
  })
  return [
    at('cut off in the middle', sound.slice(0, sound.length / 2)),
    at('with a comma too many', sound.replace(/}$/, ',}')),
    at('with something after its end', `${sound}${sound}`),
    at('with a poisoned prototype', sound.replace('{', `{"__proto__":${json(context)},`)),
    at('that is a text', json(sound)),
    at('that is a list', `[${sound}]`),
    at('for another hook', changed({ hook: patientId })),
    at('without context', json({ ...call, context: undefined })),
    at('with a patient that is an object', changed({ context: { ...context, patientId: context } })),
    at('with drafts that are a text', changed({ context: { ...context, draftOrders: sound } })),
    at('with a prefetch that is a text', changed({ prefetch: sound })),
    at(
      'with a chart of errors',
      changed({
        prefetch: { patient: { resourceType: 'OperationOutcome', issue: [{ diagnostics: patientId }] } },
      }),
    ),
    at(
      'with a strange server and a token',
      changed({
        fhirServer: `https://${patientId}.example`,
        fhirAuthorization: { access_token: `${patientId}-token`, scope: patientId },
      }),
    ),
    at('in UTF-16', new Uint8Array(Buffer.from(sound, 'utf16le'))),
    at('as XML', `<Patient><id value="${patientId}"/></Patient>`, { 'content-type': 'application/fhir+xml' }),
    at('as a form', `patient=${patientId}`, { 'content-type': 'application/x-www-form-urlencoded' }),
    at('with a token', sound, { authorization: `Bearer ${patientId}`, cookie: `patient=${patientId}` }),
    at('with odd headers', sound, {
      'x-patient': patientId,
      'user-agent': patientId,
      referer: `https://x/${patientId}`,
    }),
    at('with an odd encoding', sound, { 'content-encoding': 'gzip' }),
    at('with an odd type', sound, { 'content-type': `application/${patientId}` }),
    {
      ...at('with the patient in the query', sound),
      path: `${path}?patient=${encodeURIComponent(patientId)}`,
    },
    {
      ...at('to a service named like the patient', sound),
      path: `/cds-services/${encodeURIComponent(patientId)}`,
    },
    { ...at('to nowhere', sound), path: `/Patient/${encodeURIComponent(patientId)}` },
    { ...at('to an address that cannot be read', sound), path: `/cds-services/%${patientId}` },
  ]
}

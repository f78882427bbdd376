/** A call as a command that somebody can paste into a shell. */

/** The body stands in a heredoc whose end no JSON can hold, so that no quote in it means anything to the shell. */
export function asCurl(url: string, body: unknown): string {
  return [
    `curl --silent --json @- '${url.replaceAll("'", "'\\''")}' <<'END-OF-CALL'`,
    JSON.stringify(body, null, 2),
    'END-OF-CALL',
  ].join('\n')
}

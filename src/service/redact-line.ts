/** None of them takes in a quote or a backslash: a line of JSON stays one. */
const RULES: readonly (readonly [pattern: RegExp, instead: string])[] = [
  // A user and a password: postgres://user:password@host
  [/(\w+:\/\/)[^\s/@"\\]+@/g, '$1[redacted]@'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  // JSON Web Tokens, wherever they stand: their first part begins with {"
  [/\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, '[redacted]'],
  // Where Railway's webhooks come in
  [/(\/webhooks\/railway\/)[\w%-]{8,}/gi, '$1[redacted]'],
  // ?token=…&signature=…
  [/([?&](?:\w*token|\w*key|\w*secret|password|signature|sig|auth|code|jwt)=)[^&\s"'\\#]+/gi, '$1[redacted]'],
]

/** What looks like a secret inside of a log line's texts, whichever field they are in. */
export function redactLine(line: string): string {
  return RULES.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line)
}

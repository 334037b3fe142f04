const mask = '••••'

interface Rule {
  readonly pattern: RegExp
  readonly with: string
}

/** Wide rather than narrow: a masked word is a nuisance, a leaked one an incident. */
const rules: readonly Rule[] = [
  // The password of a URL: postgres://user:password@host
  { pattern: /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@]+@/gi, with: `$1:${mask}@` },
  { pattern: /\b(Bearer|Basic|Bot)\s+[\w.~+/=-]{8,}/gi, with: `$1 ${mask}` },
  // -----BEGIN PRIVATE KEY----- and what follows
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, with: `${mask} (a private key)` },
  // A line of one: logs are read line by line
  { pattern: /^\s*[A-Za-z0-9+/]{60,76}={0,2}\s*$/gm, with: mask },
  // Where Railway's webhooks come in: https://…/webhooks/railway/secret
  { pattern: /(\/webhooks\/railway\/)[\w%-]{8,}/gi, with: `$1${mask}` },
  // JSON web tokens
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, with: mask },
  // Discord's bot tokens
  { pattern: /\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/g, with: mask },
  // Tokens that say what they are: GitHub, GitLab, Slack, Stripe, OpenAI, Anthropic, AWS, Google, npm, Doppler
  {
    pattern:
      /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|[sr]k_(?:live|test)_\w{10,}|sk-[\w-]{16,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{30,}|npm_\w{30,}|dp\.\w{2}\.[\w.]{16,})/g,
    with: mask,
  },
  // name=value, "name": "value", name: value, where the name says that it is secret
  {
    pattern:
      /(["']?\b[\w-]*(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|authorization|cookie)[\w-]*["']?\s*[=:]\s*)("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s,;&}\]"']+)/gi,
    with: `$1${mask}`,
  },
]

/** The text with everything masked that looks like a secret. Idempotent; the rest stays as it is. */
export function redact(text: string): string {
  const masked = rules.reduce((line, rule) => line.replace(rule.pattern, rule.with), text)
  // What one rule masked may bring to light what another must mask.
  return masked === text ? text : redact(masked)
}

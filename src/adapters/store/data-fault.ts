/** Of what is written, and not of the database's state: data (22), or more of it than can be taken (54). */
const DATA = /^(22|54)/
/** NUL, and what is no UTF-8. */
const CHARACTERS = ['22021', '22P05']

/** Whether PostgreSQL refused what was written because of what it is: asked again, it says the same. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function isDataFault(error: unknown): boolean {
  return DATA.test(codeOf(error))
}

/** Whether it was characters that PostgreSQL keeps nowhere: whoever sent them can send others. */
export function isUnstorableText(error: unknown): boolean {
  return CHARACTERS.includes(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

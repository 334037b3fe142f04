import type { Log } from '#src/kernel/log.ts'

/** Says nothing, and keeps what it was told, for tests that look. */
export function quietLog(): Log & { readonly lines: { readonly level: string; readonly fields: object; readonly message: string }[] } {
  const lines: { level: string; fields: object; message: string }[] = []
  const keep = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message })
  }
  const log = { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error'), lines, child: () => log }
  return log
}

import type { z } from 'zod'
import { UserError } from '#src/kernel/errors.ts'

/** What a request to the playground's own routes says. Throws UserError with what is wrong with it; nothing was done then. */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const read = schema.safeParse(body ?? {})
  if (!read.success) throw new UserError(`Nothing was done. ${problemsOf(read.error)}.`)
  return read.data
}

export function problemsOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ')
}

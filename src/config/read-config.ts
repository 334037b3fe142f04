import type { z } from 'zod'
import { ConfigError } from '#src/kernel/errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads variables through a schema, once for each process. An empty variable counts as missing. Throws ConfigError that names every
 * missing or malformed variable at once and prints no value.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, environment: Environment): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => {
    const name = path.length > 0 ? String(path[0]) : undefined
    if (name === undefined) return message
    return name in given ? `${name} ${message}` : `${name} is missing`
  })
  throw new ConfigError([...new Set(problems)])
}

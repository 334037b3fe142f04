import { digitsOf } from './exact-json.ts'

/** What stands at a dotted path (`deploy.services.0`) of data. Only what the data itself has: never what every object inherits. */
export function fieldAt(data: unknown, path: string): unknown {
  let value = data
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || digitsOf(value) !== undefined || !Object.hasOwn(value, step)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return value
}

import { digitsOf } from '#src/kernel/exact-json.ts'
import { fieldAt } from '#src/kernel/field.ts'

/** What templates may name: `{{payload.service}}`, `{{event_type}}`, `{{event_id}}`, `{{timestamp}}`. */
export interface TemplateValues {
  readonly event_id: string
  readonly event_type: string
  readonly timestamp: string
  readonly payload: unknown
}

/** A template names what the event does not have, or has as a list or an object. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault'
}

type Scalar = string | number | boolean

const HOLE = /\{\{\s*([\w$-]+(?:\.[\w$-]+)*)\s*\}\}/g
const WHOLE = /^\{\{\s*([\w$-]+(?:\.[\w$-]+)*)\s*\}\}$/
const NAMES = ['event_id', 'event_type', 'timestamp', 'payload']
const LONGEST = 2_000

/**
 * Fills a template with the event's own values. There are no expressions: a hole names a value and stays text, number or yes/no, and what
 * comes in is never read as a template again. A template that is one hole alone keeps the value's type, but for a number that JavaScript
 * cannot hold: its digits are text. Throws TemplateFault.
 */
export function fillTemplate(template: Scalar, values: TemplateValues): Scalar {
  if (typeof template !== 'string') return template
  const whole = WHOLE.exec(template)?.[1]
  const filled = whole === undefined ? template.replace(HOLE, (_, path: string) => String(valueAt(values, path))) : valueAt(values, whole)
  if (typeof filled === 'string' && filled.length > LONGEST) throw new TemplateFault(`A value is longer than ${LONGEST} characters.`)
  return filled
}

/** Why this cannot be a template; undefined where it can. */
export function templateFault(template: string): string | undefined {
  const wrong = [...template.matchAll(HOLE)].map((hole) => hole[1]!).find((path) => !NAMES.includes(path.split('.')[0]!))
  if (wrong !== undefined) return `names ${wrong}; it may name payload.…, event_type, event_id and timestamp`
  return /\{\{|\}\}/.test(template.replace(HOLE, '')) ? 'has {{ or }} that is no {{payload.field}}' : undefined
}

function valueAt(values: TemplateValues, path: string): Scalar {
  const found = fieldAt(values, path)
  const value = digitsOf(found) ?? found
  if (value === undefined || value === null) throw new TemplateFault(`The event has no ${path}.`)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  throw new TemplateFault(`${path} is a list or an object, and a command takes single values.`)
}

import { z } from 'zod'
import { Refused } from '../refusals.ts'

interface Leaf {
  readonly code: string
  readonly message: string
}

/** Parses a request's body; what does not fit is refused as Discord does: 50035 with `errors` nested by key and index, below `at`. */
export function readForm<Value>(schema: z.ZodType<Value>, body: unknown, at: readonly string[] = []): Value {
  const result = schema.safeParse(body, { reportInput: true })
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => ({ path: [...at, ...issue.path.map(String)], leaf: leaf(issue) }))
  throw new Refused('invalidForm', { errors: nested(faults) })
}

/** One form error at a path, such as `['data', 'type']`. */
export function formError(path: readonly string[], code: string, message: string): Refused {
  return new Refused('invalidForm', { errors: nested([{ path, leaf: { code, message } }]) })
}

/** A string of so many characters (code points), counted after trimming. */
export function text(min: number, max: number): z.ZodType<string> {
  return z.string().superRefine((value, context) => {
    const length = value.length < min || value.length > max ? [...value.trim()].length : value.trim().length
    if (length >= min && length <= max) return
    const message = min === 0 ? `Must be ${max} or fewer in length.` : `Must be between ${min} and ${max} in length.`
    fail(context, [], min === 0 ? 'BASE_TYPE_MAX_LENGTH' : 'BASE_TYPE_BAD_LENGTH', message)
  })
}

/** Adds an error under Discord's own code. */
export function fail(context: z.RefinementCtx, path: readonly (string | number)[], code: string, message: string): void {
  context.addIssue({ code: 'custom', path: [...path], message, params: { code } })
}

/** A list of so many. */
export function list<Item>(item: z.ZodType<Item>, min: number, max: number): z.ZodType<Item[]> {
  return z.array(item).superRefine((items, context) => {
    if (items.length >= min && items.length <= max) return
    const message = min === 0 ? `Must be ${max} or fewer in length.` : `Must be between ${min} and ${max} in length.`
    fail(context, [], min === 0 ? 'BASE_TYPE_MAX_LENGTH' : 'BASE_TYPE_BAD_LENGTH', message)
  })
}

export const snowflake = z.string().regex(/^\d{1,20}$/) as z.ZodType<string>

function leaf(issue: z.core.$ZodIssue): Leaf {
  if (issue.code === 'custom') return { code: String(issue.params?.code ?? 'BASE_TYPE_INVALID'), message: issue.message }
  if ((issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined)
    return { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }
  if (issue.code === 'invalid_value')
    return { code: 'BASE_TYPE_CHOICES', message: `Value must be one of {${issue.values.map(String).join(', ')}}.` }
  if (issue.code === 'invalid_union')
    return { code: 'UNION_TYPE_CHOICES', message: `Value of field "${issue.discriminator ?? 'type'}" is not one that fits here.` }
  if (issue.code === 'invalid_format') return { code: 'STRING_TYPE_REGEX', message: 'String value did not match validation regex.' }
  if (issue.code === 'too_big') return { code: 'NUMBER_TYPE_MAX', message: `int value should be less than or equal to ${issue.maximum}.` }
  if (issue.code === 'too_small')
    return { code: 'NUMBER_TYPE_MIN', message: `int value should be greater than or equal to ${issue.minimum}.` }
  return { code: 'BASE_TYPE_BAD_TYPE', message: issue.message }
}

function nested(faults: readonly { readonly path: readonly string[]; readonly leaf: Leaf }[]): unknown {
  const root: Record<string, unknown> = {}
  for (const { path, leaf } of faults) {
    let at = root
    for (const key of path) {
      at[key] ??= {}
      at = at[key] as Record<string, unknown>
    }
    const leaves = (at._errors ?? []) as Leaf[]
    at._errors = [...leaves, leaf]
  }
  return root
}

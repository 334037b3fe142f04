import { z } from 'zod'
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts'

/** Every refusal that a service gives, and what it means in all of them; each is `{"detail": …}`. */
const meanings = {
  400: 'It cannot be done as it was asked',
  401: 'No valid token, or no valid signature: see WWW-Authenticate',
  403: 'The token is valid, and may not do this',
  404: 'There is no such thing',
  409: 'It clashes with what is there or was done already',
  413: 'It is too large',
  414: 'A name in the address is too long',
  415: 'It is of a type that is not taken',
  422: 'The request does not fit',
  426: 'This is a WebSocket: connect with ws:// or wss://',
  429: 'Too many requests: see Retry-After',
  502: 'A provider did not do what was asked',
  503: 'Something that is needed is away, or there is no room: try again soon',
} as const

export type RefusalStatus = keyof typeof meanings

/** What every refusal looks like. */
export function refusalSchemas(): Readonly<Record<string, JsonSchema>> {
  const fault = z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string(), type: z.string() })
  return {
    Refusal: jsonSchemaOf(z.object({ detail: z.string() }), 'output'),
    RequestFaults: jsonSchemaOf(z.object({ detail: z.union([z.array(fault), z.string()]) }), 'output'),
  }
}

export interface Refusable {
  /** It asks for a token. */
  readonly guarded: boolean
  /** Its path, query, headers or body have a form. */
  readonly reads: boolean
  readonly namesInPath: boolean
  /** Its method is one that may carry a body, whether it is read or not. */
  readonly takesBody: boolean
  readonly limited: boolean
  /** What the route itself declares beside: `refuses` of its config. */
  readonly own: readonly RefusalStatus[]
}

/** The refusals that a route can give: those that follow from what it is, and its own. */
export function refusals({ guarded, reads, namesInPath, takesBody, limited, own }: Refusable): Readonly<Record<string, unknown>> {
  const statuses: readonly RefusalStatus[] = [
    ...(guarded ? ([401, 403] as const) : []),
    ...(namesInPath ? ([400, 414] as const) : []),
    ...(reads ? ([422] as const) : []),
    ...(takesBody ? ([413, 415, 422] as const) : []),
    ...(limited ? ([429] as const) : []),
    ...own,
  ]
  return Object.fromEntries(statuses.map((status) => [status, refusal(status)]))
}

function refusal(status: RefusalStatus) {
  const schema = { $ref: `#/components/schemas/${status === 422 ? 'RequestFaults' : 'Refusal'}` }
  return { description: meanings[status], content: { 'application/json': { schema } } }
}

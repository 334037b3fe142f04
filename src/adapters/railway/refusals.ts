/** An error as Railway's GraphQL server answers it. */
export interface Refusal {
  readonly message: string
  readonly traceId?: string
  readonly code?: string
  /** The error is about a part of an answer, so what was asked has been carried out. */
  readonly isPartial?: boolean
}

/** Codes of a request that GraphQL turned away before any of it ran. https://www.apollographql.com/docs/apollo-server/data/errors */
const neverRan = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'])

const noAccess = /\bnot authorized\b|\bunauthorized\b|\bforbidden\b|^project token not found/i
const tooMany = /\btoo quickly\b|\brate limit/i
const thing = '(?:workspace|project|environment|service|service ?instance|deployment|commit|image|region|replicas?|volume|template)'

/** Wordings of a no that is about what was asked. Anything else may be a failure half-way: "Cannot read properties of undefined". */
const clearly = [
  noAccess,
  tooMany,
  /\bgot invalid value\b/i,
  new RegExp(
    `^(?:the |this )?${thing}\\b.{0,200}\\b(?:not found|does not exist|(?:cannot|can not|can't|must|may not) (?:not )?be)\\b`,
    'is',
  ),
  /^you (?:cannot|can not|can't|must|may not|are not allowed|do not have|don't have|have reached|need to)\b/i,
]

/** Bad token, or no access: Railway does not tell which. */
export function isAboutAccess({ message }: Refusal): boolean {
  return noAccess.test(message)
}

/** Later it may be allowed. */
export function isAboutPace({ message }: Refusal): boolean {
  return tooMany.test(message)
}

/**
 * True where the answer to a mutation proves that nothing was done. Most errors of Railway are INTERNAL_SERVER_ERROR, a no as well as a
 * failure ("Problem processing request" is its generic one), so the wording decides, and what is not clear is no proof.
 */
export function provesNothingDone(refusal: Refusal): boolean {
  if (refusal.isPartial) return false
  return neverRan.has(refusal.code ?? '') || clearly.some((wording) => wording.test(refusal.message))
}

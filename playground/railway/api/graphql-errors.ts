import { randomInt } from 'node:crypto'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Log } from '#src/kernel/log.ts'

export type ErrorCode = 'BAD_USER_INPUT' | 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'INTERNAL_SERVER_ERROR'

/** What Railway refuses on purpose; most of it is INTERNAL_SERVER_ERROR there, with a message that says more. */
export function refusal(message: string, code: ErrorCode = 'INTERNAL_SERVER_ERROR'): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}

/** A bad token, or no access: Railway does not tell which. */
export function notAuthorized(): GraphQLError {
  return refusal('Not Authorized')
}

/** As Railway writes errors: with a code and a trace id. What it did not mean to say becomes its generic failure. */
export function presentError(error: GraphQLError, log: Log, code: ErrorCode = 'INTERNAL_SERVER_ERROR'): GraphQLFormattedError {
  const bug = error.originalError && !(error.originalError instanceof GraphQLError)
  if (bug) log.error({ error: error.originalError, path: error.path }, 'A resolver of the emulated Railway failed')
  const { message, locations, path } = error
  return {
    message: bug ? 'Problem processing request' : message,
    ...(locations ? { locations } : {}),
    ...(path ? { path } : {}),
    extensions: { code: bug ? 'INTERNAL_SERVER_ERROR' : (error.extensions.code ?? code), traceId: traceId() },
  }
}

export function traceId(): string {
  return `${randomInt(1e9, 1e10)}${randomInt(1e8, 1e9)}`
}

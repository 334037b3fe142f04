import { status } from '@grpc/grpc-js'

/** A call that Google refuses, as gRPC says it. https://cloud.google.com/apis/design/errors */
export class Refusal extends Error {
  readonly code: number
  readonly details: string
  constructor(code: keyof typeof status, details: string) {
    super(details)
    this.code = status[code]
    this.details = details
  }
}

/** What a handler threw, as gRPC takes it: what is no refusal is a bug of the emulator, and says so. */
export function grpcError(error: unknown): { readonly code: number; readonly details: string } {
  if (error instanceof Refusal) return { code: error.code, details: error.details }
  return { code: status.INTERNAL, details: `The emulated Google failed: ${(error as Error).stack}` }
}

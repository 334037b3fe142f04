/** The key of a service account, or the file that holds it. */
export type GoogleKey =
  | {
      /** The JSON itself. */
      readonly json: string
    }
  | { readonly file: string }

/** Where Google's API is, if not where the library knows it to be. */
export interface GoogleEndpoint {
  readonly host: string
  readonly port: number
  /** Without TLS: an emulator on this machine. */
  readonly plaintext: boolean
}

export interface GoogleAccess {
  readonly key: GoogleKey
  readonly endpoint?: GoogleEndpoint | undefined
}

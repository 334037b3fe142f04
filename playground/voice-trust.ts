import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface VoiceTrustOptions {
  /** Where the file is put. */
  readonly data: string
  /** PEM. */
  readonly certificate: string
  /** The value of NODE_EXTRA_CA_CERTS that the bot would have had. */
  readonly given: string | undefined
  readonly say: (sentence: string) => void
}

/**
 * The variable by which the untouched bot trusts the emulated voice server: Discord's clients speak to it over TLS and nothing else. Node
 * reads one file only, so it holds what an earlier one held as well.
 */
export async function voiceTrust({ data, certificate, given, say }: VoiceTrustOptions): Promise<Readonly<Record<string, string>>> {
  const path = join(data, 'voice-trust.pem')
  const before = given && given !== path ? await readFile(given, 'utf8').catch((error: Error) => unreadable(error, say)) : ''
  await writeFile(path, `${before.trimEnd()}\n${certificate}`.trimStart())
  return { NODE_EXTRA_CA_CERTS: path }
}

/** Node itself would warn and go on without it. */
function unreadable({ message }: Error, say: (sentence: string) => void): string {
  say(`The certificates of NODE_EXTRA_CA_CERTS cannot be read and are left out: ${message}.`)
  return ''
}

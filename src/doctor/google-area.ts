import { type Area, findingsOf } from './finding.ts'

export interface GoogleParts {
  /** How the credentials are given, where they are. */
  readonly credentials: 'GOOGLE_CLOUD_KEY' | 'GOOGLE_APPLICATION_CREDENTIALS' | undefined
  /** A cheap real request. Rejects where Google refuses or cannot be reached; the message is a plain sentence. */
  readonly check?: () => Promise<void>
}

const { ok, problem, unknown } = findingsOf('Google')

/** Google Speech and Text-to-Speech. */
export function googleArea({ credentials, check }: GoogleParts): Area {
  return {
    name: 'Google',
    async examine() {
      if (!credentials) return [ok('Speech', 'No credentials are set: voice answers in text alone. Nothing else needs them.')]
      if (!check)
        return [
          unknown('Speech', `${credentials} is set. Only its use tells whether Google takes it: the probe of voice-processor uses it.`),
        ]
      try {
        await check()
        return [ok('Speech', `Google takes the credentials (${credentials}).`)]
      } catch (error) {
        const why = error instanceof Error ? error.message : 'unknown reason'
        return [
          problem(
            'Speech',
            `Google does not take the credentials: ${why}`,
            'Enable Speech-to-Text and Text-to-Speech for the project of the key, and give its account access.',
          ),
        ]
      }
    },
  }
}

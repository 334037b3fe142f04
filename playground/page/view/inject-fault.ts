import type { Api } from '#playground/page/session/api.ts'

/** Injects a fault; answers what came of it as a sentence, the refusal included. */
export async function injectFault(api: Api, body: Readonly<Record<string, unknown>>): Promise<string> {
  return outcomeOf(async () => {
    const done = await api.inject(body)
    const details = Object.entries((done ?? {}) as Record<string, unknown>).map(
      ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    return details.length > 0 ? `Done: ${details.join(', ')}.` : 'Done.'
  })
}

/** The sentence that the act answers; where it was refused, why. */
export async function outcomeOf(act: () => Promise<string>): Promise<string> {
  try {
    return await act()
  } catch (error) {
    return error instanceof TypeError ? 'The playground cannot be reached: nothing was done.' : (error as Error).message
  }
}

import type { Api } from '#playground/page/session/api.ts'

/** Injects a fault; answers what came of it as a sentence, the refusal included. */
export async function injectFault(api: Api, body: Readonly<Record<string, unknown>>): Promise<string> {
  try {
    const done = await api.inject(body)
    const details = Object.entries((done ?? {}) as Record<string, unknown>).map(
      ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    return details.length > 0 ? `Done: ${details.join(', ')}.` : 'Done.'
  } catch (error) {
    return error instanceof TypeError ? 'The playground cannot be reached: nothing was done.' : (error as Error).message
  }
}

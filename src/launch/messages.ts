// What the launcher and the playground say to each other. Read by hand: the launcher's own start is what everything waits for.

/** The playground answers, and this is what a bot needs to be at home in it. */
export interface Opened {
  readonly ready: true
  readonly url: string
  readonly bot: Readonly<Record<string, string>>
}

/** Somebody wishes one of the launcher's processes stopped, started or killed. */
export interface ProcessWish {
  readonly id: number
  readonly process: string
  readonly act: 'stop' | 'start' | 'kill'
}

export function isReady(message: unknown): message is { readonly ready: true } {
  return isObject(message) && message.ready === true
}

/** A service listens there. */
export function isListening(message: unknown): message is { readonly ready: true; readonly port: number } {
  return isReady(message) && 'port' in message && typeof message.port === 'number'
}

export function isOpened(message: unknown): message is Opened {
  return isReady(message) && 'url' in message && 'bot' in message
}

/** The project's production is healthy, or will not be by waiting. */
export function isHealthy(message: unknown): boolean {
  return isObject(message) && message.healthy === true
}

export function isProcessWish(message: unknown): message is ProcessWish {
  if (!isObject(message)) return false
  const { id, process, act } = message
  return typeof id === 'number' && typeof process === 'string' && (act === 'stop' || act === 'start' || act === 'kill')
}

function isObject(message: unknown): message is Readonly<Record<string, unknown>> {
  return typeof message === 'object' && message !== null
}

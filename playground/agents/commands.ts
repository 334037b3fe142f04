/** A task as the orchestrator gives it, as far as it matters here. */
export interface Asked {
  readonly task_type: string
  readonly task_data: Readonly<Record<string, unknown>>
}

type Given = Readonly<Record<string, unknown>>
export type Answer = { readonly result: unknown } | { readonly error: string; readonly retry: boolean }

/** What the agent of the playground can do. */
export const commands: Readonly<Record<string, (given: Given, now: Date) => Answer>> = {
  echo: (given) => ({ result: { echo: given } }),
  time: (_, now) => ({ result: { time: now.toISOString() } }),
  fail: () => ({ error: 'It failed, as it was asked to.', retry: false }),
}

export function answerCommand({ task_type, task_data }: Asked, now: Date): Answer {
  const { command, arguments: given } = task_data
  const known = task_type === 'command' && typeof command === 'string' && Object.hasOwn(commands, command)
  if (known) return commands[command]!((given ?? {}) as Given, now)
  const asked = task_type === 'command' ? `“${String(command)}”` : `the task “${task_type}”`
  return { error: `This agent knows ${Object.keys(commands).join(', ')}, and not ${asked}.`, retry: false }
}

import type { AcceptedEvent } from '../event-message.ts'

/** The three that Zapier gives Helix, by what they are for, and the variable that names the address of each. */
export const hookVariables = {
  'consciousness-engine': 'CONSCIOUSNESS_ENGINE_WEBHOOK',
  'communications-hub': 'COMMUNICATIONS_HUB_WEBHOOK',
  'neural-network': 'NEURAL_NETWORK_WEBHOOK',
} as const
export type HookName = keyof typeof hookVariables
export const hookNames = Object.keys(hookVariables) as readonly HookName[]

/** Those that have an address. */
export type Hooks = ReadonlyMap<HookName, URL>

export function readHooks(config: Readonly<Partial<Record<(typeof hookVariables)[HookName], string | undefined>>>): Hooks {
  const given = hookNames.flatMap((hook) => {
    const address = config[hookVariables[hook]]
    return address === undefined ? [] : [[hook, new URL(address)] as const]
  })
  return new Map(given)
}

/** What the words of a name say about where it belongs, where its sender did not say it. */
const WORDS: readonly (readonly [RegExp, HookName])[] = [
  [/consciousness|ucf|harmony|resilience|prana|drishti|klesha/i, 'consciousness-engine'],
  [/agent|task|neural|collective|wisdom/i, 'neural-network'],
]

/** Which hook a trigger or action is for: the one that it names, else by its own name, else the communications hub. */
export function hookFor(name: string, target: string | null | undefined): HookName {
  const named = hookNames.find((hook) => hook === target)
  return named ?? WORDS.find(([words]) => words.test(name))?.[1] ?? 'communications-hub'
}

/** The body that a hook gets. */
export function hookBody({ id, kind, name, payload, source, at }: AcceptedEvent) {
  return { id, type: kind, name, data: payload, source, timestamp: at.toISOString() }
}

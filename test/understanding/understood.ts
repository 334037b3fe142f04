import { loadCommands } from '#src/kernel/load.ts'
import { createGrammar } from '#src/understanding/grammar.ts'
import { createInterpreter } from '#src/understanding/interpreter.ts'
import { deploying } from './corpus/deploying.ts'
import type { Form } from './corpus/form.ts'
import { healing } from './corpus/healing.ts'
import { looking } from './corpus/looking.ts'
import { never } from './corpus/never.ts'
import { restarting } from './corpus/restarting.ts'
import { scaling } from './corpus/scaling.ts'

export const book = await loadCommands(new URL('../../commands/', import.meta.url))
export const grammar = createGrammar(book)
/** The playground's project, and a few agents. */
export const vocabulary = {
  services: ['websocket-streaming', 'agent-orchestrator', 'voice-processor', 'zapier-integration'],
  environments: ['production', 'staging'],
  agents: ['kael', 'lumina', 'vega'],
}
export const interpreter = createInterpreter({ grammar, vocabulary })
export const now = new Date('2026-11-21T14:05:00Z')
export const spoken: readonly Form[] = [...deploying, ...restarting, ...scaling, ...looking, ...healing]
export const neverChanges = Object.entries(never).flatMap(([why, sentences]) => sentences.map((words) => ({ why, words })))

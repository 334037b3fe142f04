import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { loadCommands } from '#src/kernel/load.ts'
import { createGrammar } from '#src/understanding/grammar.ts'
import { createInterpreter, defaultWakeWords, type Interpreter } from '#src/understanding/interpreter.ts'
import type { Context } from '#src/understanding/understanding.ts'
import { linesOf } from './lines.ts'

/**
 * `npm run understand -- "<words>"`: what Helix would make of a sentence, as one line of JSON; nothing is done. `--stdin`: a line in, a line
 * out, each read as what the same speaker says next, so that `it` and `no, staging` mean what was spoken of. Without flags it knows the
 * playground's project.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stdin: { type: 'boolean', default: false },
    services: { type: 'string', default: 'websocket-streaming,agent-orchestrator,voice-processor,zapier-integration' },
    environments: { type: 'string', default: 'production,staging' },
    agents: { type: 'string', default: '' },
    wake: { type: 'string', default: defaultWakeWords.join() },
  },
})
const listed = (names: string) =>
  names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
const { stdin, stdout, stderr } = process

if (!values.stdin && positionals.length === 0) {
  stderr.write('Say what was said: npm run understand -- "helix, restart the voice processor", or --stdin for a line each.\n')
  process.exitCode = 2
} else {
  const interpreter = createInterpreter({
    grammar: createGrammar(await loadCommands(new URL('../commands/', import.meta.url))),
    vocabulary: { services: listed(values.services), environments: listed(values.environments), agents: listed(values.agents) },
    wakeWords: listed(values.wake),
  })
  if (values.stdin) await converse(interpreter)
  else stdout.write(understood(interpreter, positionals.join(' '), undefined).line)
}

async function converse(interpreter: Interpreter): Promise<void> {
  let context: Context | undefined
  for await (const said of linesOf(stdin)) {
    const { line, context: next } = understood(interpreter, said, context)
    context = next
    if (!stdout.write(line)) await once(stdout, 'drain')
  }
}

function understood(interpreter: Interpreter, said: string, before: Context | undefined) {
  const { addressed, command, args, confidence, alternatives, context } = interpreter.understand(said, { now: new Date(), context: before })
  return { line: `${JSON.stringify({ addressed, command, args, confidence, alternatives })}\n`, context }
}

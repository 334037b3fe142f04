import { optional } from '#src/kernel/argument.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { dryRunName } from '#src/kernel/dry-run.ts'
import { UserError } from '#src/kernel/errors.ts'
import { count } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'What Helix can do, or how one command is used',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'ephemeral',
  arguments: { command: optional(text('the command to explain')) },
  says: ['help', 'what can you do', 'help with {command}'],
  needs: ['book'],
  async run({ command: wanted }, { book }) {
    const typed = [...book].filter(([, { doors }]) => doors.includes('slash'))
    const name = (leaf: string) => `/${leaf.replaceAll('.', ' ')}`
    if (wanted === undefined) {
      return {
        title: 'Helix',
        tone: 'neutral',
        sentence:
          `Helix knows ${count(typed.length, 'command')}. Every change takes the same safe path: your role, a dry run if you ask for one, ` +
          'a confirmation in production, and a message that follows it to the end. /help with a command says more.',
        facts: typed.map(([leaf, { describe, role }]) => ({ label: name(leaf), value: `${describe} (${role})` })),
      }
    }
    const leaf = wanted.trim().replace(/^\//, '').replaceAll(' ', '.')
    const [, command] = typed.find(([each]) => each === leaf) ?? []
    if (!command) throw new UserError(`There is no command “${wanted}”. /help alone lists them all.`)
    const options = Object.entries(command.arguments).map(([option, { describe, required }]) => ({
      label: required ? option : `${option} (may be left out)`,
      value: describe,
    }))
    if ('change' in command) options.push({ label: `${dryRunName} (may be left out)`, value: 'say what would happen and change nothing' })
    return {
      title: name(leaf),
      tone: 'neutral',
      sentence: `${name(leaf)}: ${command.describe}.`,
      facts: [{ label: 'From the role', value: command.role }, ...options],
    }
  },
})

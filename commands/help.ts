import { optional } from '#src/kernel/argument.ts'
import { commandName } from '#src/kernel/arguments/command-name.ts'
import { type Command, defineCommand, everywhere } from '#src/kernel/command.ts'
import { dryRunName } from '#src/kernel/dry-run.ts'
import { count } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'What Helix can do, or how one command is used',
  role: 'viewer',
  risk: 'read',
  withoutStore: true,
  doors: everywhere,
  answer: 'ephemeral',
  arguments: { command: optional(commandName('the command to explain, or the first word of several', undefined, true)) },
  says: [
    'help [me]',
    'what can (you do|i say|i ask|i do)',
    '[what] commands [are there|do you know|do you have]',
    'help [me] (with|on|about) {command}',
    'how (does|do i use|do you use) {command} [work|command]',
    '(explain|describe) [the] {command} [command]',
  ],
  needs: ['book'],
  async run({ command: leaf }, { book }) {
    const typed = [...book].filter(([, { doors }]) => doors.includes('slash'))
    const name = (leaf: string) => `/${leaf.replaceAll('.', ' ')}`
    const inFolder = typed.filter(([each]) => leaf !== undefined && each.startsWith(`${leaf}.`))
    if (leaf !== undefined && inFolder.length > 0 && !book.has(leaf)) {
      return {
        title: name(leaf),
        tone: 'neutral',
        sentence: `${name(leaf)} has ${count(inFolder.length, 'command')}. /help with one of them says more.`,
        facts: inFolder.map(([each, { describe, role }]) => ({
          label: `${name(each)}${role === 'viewer' ? '' : ` (${role})`}`,
          value: describe,
        })),
      }
    }
    const command = leaf === undefined ? undefined : book.get(leaf)
    if (leaf === undefined || !command) {
      return {
        title: 'Helix',
        tone: 'neutral',
        sentence:
          `Helix knows ${count(typed.length, 'command')}. Every change takes the same safe path: your role, a dry run if you ask for one, ` +
          'a confirmation in production, and a message that follows it to the end. Looking needs the role viewer; another role stands beside ' +
          'the command. /help with a command says more.',
        facts: [...Map.groupBy(typed, groupOf)]
          .toSorted(([one], [other]) => rank(one) - rank(other))
          .map(([label, commands]) => ({
            label,
            value: commands
              .map(([leaf, { describe, role }]) => `${nameIn(label, leaf)}: ${describe}${role === 'viewer' ? '' : ` (${role})`}`)
              .join('\n'),
          })),
      }
    }
    const options = Object.entries(command.arguments).map(([option, { describe, required }]) => ({
      label: required ? option : `${option} (may be left out)`,
      value: describe,
    }))
    if ('change' in command) options.push({ label: `${dryRunName} (may be left out)`, value: 'say what would happen and change nothing' })
    return {
      title: name(leaf),
      tone: 'neutral',
      sentence: `${name(leaf)}: ${command.describe}. It takes the role ${command.role}.`,
      facts: options,
    }
  },
})

const groups = ['Look', 'Change']

/** Commands that stand alone by what they do, all others by their folder. */
function groupOf([leaf, { risk }]: readonly [string, Command]): string {
  const [folder, ...rest] = leaf.split('.')
  if (rest.length > 0) return `/${folder}`
  return risk === 'read' ? 'Look' : 'Change'
}

/** Under a folder's heading without the folder: all of them have room in one message. */
function nameIn(group: string, leaf: string): string {
  const name = `/${leaf.replaceAll('.', ' ')}`
  return groups.includes(group) ? name : name.slice(group.length + 1)
}

/** Those that stand alone come first. */
function rank(group: string): number {
  return groups.includes(group) ? groups.indexOf(group) : groups.length
}

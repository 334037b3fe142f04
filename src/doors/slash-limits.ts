import type { SlashOption } from './slash-option.ts'
import type { SlashCommand } from './slash-payload.ts'

/** https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming */
const named = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u
const limits = { commands: 100, description: 100, options: 25, choices: 25, choice: 100, characters: 8_000 } as const

/** Throws an Error that names the file where Discord would refuse a command. `fileOf` tells the file of a path of names. */
export function checkSlash(commands: readonly SlashCommand[], fileOf: (path: readonly string[]) => string): void {
  if (commands.length > limits.commands)
    throw new Error(`commands/: Discord takes ${limits.commands} commands, and there are ${commands.length}`)
  for (const command of commands) {
    checkNode(command, [command.name])
    const characters = charactersOf(command)
    if (characters > limits.characters) {
      throw new Error(
        `${fileOf([command.name])}: names, descriptions and choices have ${characters} characters, Discord takes ${limits.characters}`,
      )
    }
  }

  function checkNode(node: SlashCommand | SlashOption, path: readonly string[]): void {
    const fault = (what: string) => new Error(`${fileOf(path)}: ${what}`)
    const { name, description, options = [] } = node
    const choices = 'choices' in node ? (node.choices ?? []) : []
    if (!named.test(name) || name !== name.toLowerCase())
      throw fault(`"${name}" is no name for Discord (1 to 32 small letters, digits, - and _)`)
    if (description.length < 1 || description.length > limits.description) {
      throw fault(`the description of "${name}" has ${description.length} characters, Discord takes 1 to ${limits.description}`)
    }
    if (options.length > limits.options) throw fault(`"${name}" has ${options.length} options, Discord takes ${limits.options}`)
    if (choices.length > limits.choices) throw fault(`"${name}" has ${choices.length} choices, Discord takes ${limits.choices}`)
    const wrong = choices.find((choice) => choice.name.length < 1 || choice.name.length > limits.choice)
    if (wrong) throw fault(`a choice of "${name}" has ${wrong.name.length} characters, Discord takes 1 to ${limits.choice}`)
    for (const option of options) checkNode(option, [...path, option.name])
  }
}

function charactersOf({ name, description, options = [], ...node }: SlashCommand | SlashOption): number {
  const choices = 'choices' in node ? (node.choices ?? []) : []
  const own = name.length + description.length
  return [...choices.map((choice) => choice.name.length + choice.value.length), ...options.map(charactersOf)].reduce(
    (sum, each) => sum + each,
    own,
  )
}

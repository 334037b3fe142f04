import { ApplicationCommandOptionType, type RESTPutAPIApplicationGuildCommandsJSONBody } from 'discord.js'

const { String: text, Integer: integer, Boolean: flag } = ApplicationCommandOptionType
const service = { type: text, name: 'service', description: 'the service to change', required: true, autocomplete: true } as const

export const commands: RESTPutAPIApplicationGuildCommandsJSONBody = [
  {
    name: 'deploy',
    description: 'Deploy a service and follow it until it is healthy',
    options: [
      service,
      { type: text, name: 'commit', description: 'which commit', autocomplete: true },
      { type: text, name: 'environment', description: 'where', choices: ['production', 'staging'].map((name) => ({ name, value: name })) },
      { type: flag, name: 'dry-run', description: 'Only say what would happen' },
    ],
  },
  {
    name: 'scale',
    description: 'Change how many copies of a service run',
    options: [service, { type: integer, name: 'replicas', description: 'how many', required: true, min_value: 1, max_value: 20 }],
  },
  {
    name: 'rollback',
    description: 'Bring back an earlier deployment',
    options: [service, { type: text, name: 'deployment', description: 'which', autocomplete: true }],
  },
  { name: 'status', description: 'Everything at a glance' },
  { name: 'form', description: 'Asks in a form' },
  { name: 'pick', description: 'Offers a menu' },
  { name: 'metrics', description: 'A picture' },
  { name: 'silent', description: 'Never answers' },
]

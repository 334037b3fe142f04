import type { Wish } from '#src/understanding/understanding.ts'

/** A command with its arguments, as a button names it: `Scale voice-processor, 3, staging`. */
export function wishWords({ command, args }: Wish): string {
  const words = command.replaceAll(/[.-]/g, ' ')
  const values = Object.values(args)
    .map((value) => (value === true ? '' : String(value)))
    .filter(Boolean)
    .join(', ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${values === '' ? '' : ` ${values}`}`
}

/** The same as it is typed, with the arguments' names: `/scale service: voice-processor replicas: 3`. */
export function wishTyped({ command, args }: Wish): string {
  const given = Object.entries(args).map(([name, value]) => ` ${name}: ${String(value)}`)
  return `/${command.replaceAll('.', ' ')}${given.join('')}`
}

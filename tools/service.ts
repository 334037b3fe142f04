import { existsSync, readdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

/** `npm run service -- <name>`: one service by itself, with the variables of `.env` where there is one. */
const folder = new URL('../services/', import.meta.url)
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
const [name = ''] = process.argv.slice(2)

if (names.includes(name)) {
  const variables = new URL('../.env', import.meta.url)
  if (existsSync(variables)) process.loadEnvFile(variables)
  enableCompileCache()
  await import(new URL(`${name}/main.ts`, folder).href)
} else {
  console.error(
    `${name ? `There is no service "${name}".` : 'Which service?'} There are:\n${names.map((each) => `  npm run service -- ${each}`).join('\n')}`,
  )
  process.exitCode = 2
}

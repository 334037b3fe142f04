import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
enableCompileCache(fileURLToPath(new URL('.helix/compiled', root)))
const dotenv = fileURLToPath(new URL('.env', root))
if (existsSync(dotenv)) process.loadEnvFile(dotenv)

// Imported now, that its code comes from the cache.
const { runLauncher } = await import('./launch/run-launcher.ts')
await runLauncher({ env: process.env, root })

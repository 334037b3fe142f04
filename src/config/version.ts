import { readFileSync } from 'node:fs'

/** Helix's own version, as package.json says it. */
export function helixVersion(): string {
  const manifest: { readonly version: string } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return manifest.version
}

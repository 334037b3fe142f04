import type { PeerRequest } from './mesh.ts'

/** As they are written or as a URL parser reads them: `.`, `..`, `%2e`. */
const dots = /(^|\/)(\.|%2e){1,2}(\/|$)/i

/**
 * Where a request goes: below the peer's address, whatever the path says. The caller encodes what it puts into the path; a path that
 * would lead elsewhere is a bug of the caller, and throws.
 */
export function requestUrl(base: string, { path, query = {} }: Pick<PeerRequest, 'path' | 'query'>): URL {
  if (!path.startsWith('/') || path.startsWith('//') || /[?#\\]/.test(path) || dots.test(path)) {
    throw new Error('The path of a request to a peer begins with one slash and has no dot segments, query or backslash.')
  }
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

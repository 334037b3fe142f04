const MOST = 3
const PLACES = ['body', 'query', 'path', 'header']

/** What a service finds wrong with a request (FastAPI's list of faults), as sentences for people; undefined where it says nothing. */
export function faultSentences(faults: readonly unknown[]): string | undefined {
  const sentences = faults.flatMap((fault) => sentence(fault) ?? [])
  return sentences.length === 0 ? undefined : sentences.slice(0, MOST).join(' ')
}

function sentence(fault: unknown): string | undefined {
  const { loc, msg } = (fault ?? {}) as { readonly loc?: unknown; readonly msg?: unknown }
  if (typeof msg !== 'string') return undefined
  const said = msg.replace(/[.\s]+$/, '')
  // Where it stands in the request is the wire's business; people know the field.
  const steps = (Array.isArray(loc) ? loc : []).map(String)
  const field = (PLACES.includes(steps[0] ?? '') ? steps.slice(1) : steps).join('.')
  if (field === '') return `${said}.`
  return /^(must|has|is)\b/.test(said) ? `“${field}” ${said}.` : `“${field}”: ${said}.`
}

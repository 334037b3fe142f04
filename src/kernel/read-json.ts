/** The value that a text holds; undefined where it is no JSON, which no JSON is. Throws RangeError for thousands of levels. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

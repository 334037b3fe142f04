/** Of a longer line only so much is kept: enough for any sentence. */
const MOST_CHARACTERS = 10_000

/** The lines of a stream of bytes, whatever they are; the last one needs no end. A line of any length takes little memory. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let line = ''
  let isOpen = false
  for await (const bytes of stream) {
    const parts = decoder.decode(bytes, { stream: true }).split('\n')
    for (const [index, text] of parts.entries()) {
      if (index > 0) {
        yield line.replace(/\r$/, '')
        line = ''
      }
      line = (line + text.slice(0, MOST_CHARACTERS)).slice(0, MOST_CHARACTERS)
    }
    isOpen = parts.at(-1) !== '' || (isOpen && parts.length === 1)
  }
  if (isOpen) yield line
}

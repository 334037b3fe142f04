import { createReader, type Reader } from './bytes.ts'

const SENDER_MEMBER = 1
const SENDER_EXTERNAL = 2
const CONTENT_COMMIT = 3
const SOURCE_KEY_PACKAGE = 1
const SOURCE_COMMIT = 3

export interface CommitWelcome {
  /** Of the group before the commit. */
  readonly epoch: bigint
  readonly commit: Buffer
  /** There where the commit adds somebody. */
  readonly welcome: Buffer | undefined
}

/** Op 28 is a commit and a welcome with nothing between them that tells where one ends. Undefined where it is neither. */
export function readCommitWelcome(bytes: Buffer): CommitWelcome | undefined {
  try {
    const reader = createReader(bytes)
    const epoch = skipCommit(reader, bytes)
    return { epoch, commit: bytes.subarray(0, reader.at), welcome: reader.at < bytes.length ? bytes.subarray(reader.at) : undefined }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** RFC 9420, sections 6, 6.2, 12.4 and 7.2. */
function skipCommit(reader: Reader, bytes: Buffer): bigint {
  reader.skip(4) // Version and wire format.
  reader.vector() // Group id.
  const epoch = bytes.subarray(reader.at, reader.at + 8)
  reader.skip(8)
  const sender = reader.byte()
  if (sender === SENDER_MEMBER || sender === SENDER_EXTERNAL) reader.skip(4)
  reader.vector() // Additional data.
  if (reader.byte() !== CONTENT_COMMIT) throw new RangeError('no commit')
  reader.vector() // Proposals.
  if (reader.byte() === 1) skipPath(reader)
  reader.vector() // Signature.
  reader.vector() // Confirmation tag.
  if (sender === SENDER_MEMBER) reader.vector() // Membership tag.
  return epoch.readBigUInt64BE()
}

function skipPath(reader: Reader): void {
  reader.vector() // Encryption key.
  reader.vector() // Signature key.
  reader.skip(2) // Kind of credential.
  reader.vector() // Identity.
  for (let capability = 0; capability < 5; capability++) reader.vector()
  const source = reader.byte()
  if (source === SOURCE_KEY_PACKAGE) reader.skip(16)
  else if (source === SOURCE_COMMIT) reader.vector()
  reader.vector() // Extensions.
  reader.vector() // Signature.
  reader.vector() // Nodes.
}

import type { Shown, Since } from '#src/echoes/binding-rows.ts'
import type { StoredBoard } from '#src/echoes/board.ts'
import type { EchoMode } from '#src/echoes/echoes.ts'
import type { Tally } from '#src/echoes/tally.ts'
import type { Defaulted, Json, NullableJson, Placed } from './columns.ts'

/** Streams that somebody echoes. Guild, project and environment are empty: a stream is there for all of them. */
interface EchoStreamsTable {
  stream: string
  guild: Defaulted<string>
  project: Defaulted<string>
  environment: Defaulted<string>
  /** Each process that takes the stream over adds one, and writes only while it is still the same. */
  fence: Defaulted<number>
  leased_until: Defaulted<Date | null>
  tally: NullableJson<Tally>
  board: NullableJson<StoredBoard>
}

/** A stream that is shown in a channel. The id is the subject of its scoreboard. */
interface EchoBindingsTable extends Placed {
  id: string
  stream: string
  channel: string
  mode: EchoMode
  bound_by: string
  bound_at: Date
  since: Json<Since>
  shown: Json<Shown>
  /** Why nothing can be shown there, since when, how often it was tried again, and when it is tried next. */
  trouble: Defaulted<string | null>
  trouble_since: Defaulted<Date | null>
  tries: Defaulted<number>
  retry_at: Defaulted<Date | null>
}

export interface EchoTables {
  echo_streams: EchoStreamsTable
  echo_bindings: EchoBindingsTable
}

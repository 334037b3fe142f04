export type Tone = 'neutral' | 'good' | 'warning' | 'bad'

/** What a command answers, as data. Every door renders all of it in its own way; no door adds to it. */
export interface Report {
  readonly title: string
  readonly tone: Tone
  /** The whole answer in one plain sentence: message content, notification, screen reader, and speech. */
  readonly sentence: string
  readonly facts?: readonly Fact[]
  readonly table?: Table
  readonly picture?: Picture
  readonly document?: ReportDocument
  readonly actions?: readonly Action[]
  /** Id of what is still under way (an operation, a log tail): doors that can, keep this report up to date. */
  readonly operation?: string
}

export interface Fact {
  readonly label: string
  readonly value: string
}

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Set where the last rows matter most (log lines): a door that cannot show all shows those. Otherwise the first. */
  readonly keep?: 'last'
  /** Many rows matter more than whole cells: each takes one line where there is little room, and what is too long for it is cut. */
  readonly dense?: true
}

export interface Picture {
  readonly png: Uint8Array
  /** What the picture shows, in words (at most 1,024 characters at Discord). */
  readonly alt: string
}

/** A plan as it was when somebody was asked about it. */
export interface Shown {
  readonly digest: string
  /** What it was worked out from, so that a difference can be told; buttons of before this was kept have none. */
  readonly seen?: readonly Fact[]
}

/** Whose yes it is (an actor key), and to what. */
export interface Confirms extends Shown {
  readonly by: string
  /** Where it was asked in a voice channel: the exchange. */
  readonly exchange?: string
  /** The yes may be said there as well. */
  readonly aloud?: boolean
  /** An ISO time from which it is too late, where that is sooner than a button's own end. */
  readonly until?: string
}

/** A text to keep, in Markdown: shown where it is short, a file where it is long. What others wrote is escaped in it. */
export interface ReportDocument {
  /** Without its ending: `incident-12`. */
  readonly name: string
  readonly markdown: string
}

/** A next step the reader can take: itself a call, made with the reader's own permissions. */
export interface Action {
  readonly label: string
  readonly command: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly danger?: boolean
  /** Taking this step is the yes that a plan waits for: only this actor (an actor key), once, and only while the plan's digest holds. */
  readonly confirms?: Confirms
}

/** One panel of a picture: lines over time, in one unit. */
export interface Panel {
  readonly title: string
  /** What the values are in. */
  readonly unit: string
  /** The largest value that there can be: the axis ends there. Left out: where the lines end. */
  readonly most?: number
  readonly lines: readonly { readonly name: string; readonly points: readonly { readonly at: Date; readonly value: number }[] }[]
  /** A horizontal line such as `limit 8 GB`; told in words where it is far above the lines. */
  readonly threshold?: { readonly label: string; readonly value: number }
  /** What is counted changes from one moment to the next: no slope between two points. */
  readonly steps?: boolean
}

export interface Charts {
  /** PNG of the panels, one below the other, on Discord's dark ground. The chart library is loaded at the first call. */
  draw(title: string, panels: readonly Panel[], range: { readonly from: Date; readonly to: Date }): Promise<Uint8Array>
}

/** Makes sound of text. */
export interface Speaker {
  readonly name: string
  /** One channel of 16-bit samples. */
  speak(words: { readonly text: string; readonly voice: string; readonly speed: number }): Promise<Sound>
}

export interface Sound {
  readonly samples: Int16Array
  readonly rate: number
}

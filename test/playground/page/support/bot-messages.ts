import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIModalInteractionResponseCallbackData,
  ButtonStyle,
  ComponentType,
  type InteractionEditReplyOptions,
  type InteractionReplyOptions,
  TextInputStyle,
} from 'discord.js'

const { ActionRow, Button, StringSelect, Label, TextInput } = ComponentType

/** What a finished deploy reads: everything an embed has, and buttons of every kind. */
export function card(service: string, user: string): InteractionEditReplyOptions {
  return {
    content: `Deployed **${service}** for <@${user}>, <t:${Math.floor(Date.now() / 1_000) - 120}:R>. See </status:1>.`,
    embeds: [
      {
        title: `Deploy ${service}`,
        color: 0x24804a,
        description: 'What changed:\n```diff\n- REPLICAS=1\n+ REPLICAS=2\n```\n<img src=x onerror=alert(1)>',
        fields: ['Service', 'Environment', 'Took'].map((name) => ({ name, value: `\`${name}\``, inline: true })),
        footer: { text: 'operation 7' },
      },
    ],
    components: [
      {
        type: ActionRow,
        components: [
          { type: Button, style: ButtonStyle.Success, label: 'Confirm', custom_id: 'confirm' },
          { type: Button, style: ButtonStyle.Danger, label: 'Fail', custom_id: 'fail' },
          { type: Button, style: ButtonStyle.Secondary, label: 'Not now', custom_id: 'not-now', disabled: true },
          { type: Button, style: ButtonStyle.Link, label: 'Open', url: 'https://example.com/' },
        ],
      },
    ],
  }
}

export const picker: APIActionRowComponent<APIComponentInMessageActionRow> = {
  type: ActionRow,
  components: [
    {
      type: StringSelect,
      custom_id: 'pick',
      placeholder: 'Look closer',
      options: ['one', 'two', 'three'].map((value) => ({ label: value, value, description: `number ${value}` })),
    },
  ],
}

export const form: APIModalInteractionResponseCallbackData = {
  custom_id: 'form',
  title: 'Set a variable',
  components: [
    {
      type: Label,
      label: 'Name',
      description: 'In capitals',
      component: { type: TextInput, custom_id: 'name', style: TextInputStyle.Short, required: true },
    },
    { type: Label, label: 'Note', component: { type: TextInput, custom_id: 'note', style: TextInputStyle.Paragraph, required: false } },
  ],
}

const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export const chart: InteractionReplyOptions = {
  content: 'CPU over an hour',
  files: [{ attachment: Buffer.from(onePixel, 'base64'), name: 'cpu.png', description: 'CPU rose from 10 to 60 percent' }],
}

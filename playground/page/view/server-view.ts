import type { VNode } from 'preact'
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import type { Draft } from '#playground/page/commands/values.ts'
import type { Api } from '#playground/page/session/api.ts'
import { emptyFeed } from '#playground/page/session/feed.ts'
import type { Account, PlaygroundState } from '#playground/page/session/playground-state.ts'
import { threadsIn } from '#playground/page/session/threads.ts'
import { AccountSwitcher } from './account-switcher.ts'
import { ChannelHeader } from './channel-header.ts'
import { ChannelList } from './channel-list.ts'
import { Composer, type Opening } from './composer.ts'
import { ConnectionBar } from './connection-bar.ts'
import { Drawer } from './drawer.ts'
import { Guild } from './guild-context.ts'
import { useMedia, useStore } from './hooks.ts'
import { html } from './html.ts'
import { MessageList } from './message-list.ts'
import { displayName } from './message-view.ts'
import { ModalDialog } from './modal-dialog.ts'
import { SidePanel } from './side-panel.ts'
import { useFeed, useUnread } from './use-feed.ts'
import type { Playground } from './use-playground.ts'
import { useLeaves, useSession } from './use-session.ts'
import { useVoice } from './use-voice.ts'
import { VoiceBar } from './voice-bar.ts'
import { Welcome } from './welcome.ts'

interface ServerViewProps {
  readonly api: Api
  readonly playground: Playground
  readonly state: PlaygroundState
  readonly account: Account
  onAccount(account: Account): void
}

/** The whole server as one account sees it. */
export function ServerView({ api, playground, state, account, onAccount }: ServerViewProps): VNode {
  const session = useSession(account.token, state.guild.id, state.application.id)
  const { link, members, voice: voiceStates, feeds, pending, modal } = useStore(session.store)
  const { leaves, reload } = useLeaves(session, link === 'live', state.commands)
  const [selected, setSelected] = useState<string>()
  const [drawer, setDrawer] = useState<'channels' | 'panel'>()
  const [opening, setOpening] = useState<Opening>()
  const wide = useMedia('(min-width: 1100px)')
  const middling = useMedia('(min-width: 760px)')
  const texts = state.channels.filter(({ type }) => type === 0)
  const threads = threadsIn({ feeds }, state.channels)
  const channel = [...texts, ...threads].find(({ id }) => id === selected) ?? texts[0]
  const parent = texts.find(({ id }) => id === channel?.parent)
  const feed = feeds[channel?.id ?? ''] ?? emptyFeed
  const problem = useFeed(session, channel?.id, link === 'live', feed.fresh)
  const unread = useUnread(feeds, channel?.id)
  const voice = useVoice(session, voiceStates, account.id)
  const talksIn = state.channels.find(({ id }) => id === voice.mine?.channel)

  const openCommand = useCallback(
    (name: string, draft: Draft = {}) => {
      const leaf = leaves.find((one) => one.name === name)
      if (leaf) setOpening({ leaf, draft })
    },
    [leaves],
  )
  const guild = useMemo(
    () => ({
      users: members.map((user) => ({ id: user.id, name: displayName(user) })),
      roles: state.roles,
      channels: state.channels,
      openChannel: setSelected,
      openCommand,
    }),
    [members, JSON.stringify([state.roles, state.channels]), openCommand],
  )
  useEffect(() => {
    document.title = channel ? `#${channel.name} | ${state.guild.name}` : state.guild.name
  }, [channel?.name, state.guild.name])

  if (!channel) return html`<main class="opening"><p role="status">There is no text channel in ${state.guild.name}.</p></main>`
  const closeDrawer = () => setDrawer(undefined)
  return html`<${Guild.Provider} value=${guild}>
    <div class="page">
      <${ConnectionBar} link=${link} away=${playground.away} />
      <div class="columns">
        <${Drawer} side="left" label="Channels and account" fixed=${middling} open=${drawer === 'channels'} onClose=${closeDrawer}>
          <header class="server-header"><h2>${state.guild.name}</h2></header>
          <${ChannelList} channels=${state.channels} threads=${threads} selected=${channel.id} unread=${unread} bot=${state.application.id} voice=${voice} onSelect=${(
            id: string,
          ) => {
            setSelected(id)
            closeDrawer()
          }} />
          <${AccountSwitcher} accounts=${state.accounts} selected=${account} onSelect=${onAccount} />
        <//>
        <main>
          <${ChannelHeader} channel=${channel} parent=${parent} openParent=${() => setSelected(parent?.id)} showChannels=${middling ? undefined : () => setDrawer('channels')} showPanel=${wide ? undefined : () => setDrawer('panel')} />
          <${MessageList} session=${session} channel=${channel} feed=${feed} pending=${pending} user=${account}>
            ${channel === texts[0] && html`<${Welcome} api=${api} session=${session} channel=${channel.id} leaves=${leaves} state=${state} faults=${playground.faults} openCommand=${openCommand} />`}
            ${problem && html`<p class="problem" role="alert">${problem}</p>`}
          <//>
          ${talksIn && html`<${VoiceBar} key=${`voice ${account.token}`} api=${api} account=${account.token} channel=${talksIn.name} bot=${state.application.name} voice=${voice} />`}
          <${Composer} key=${`${account.token} ${channel.id}`} session=${session} channel=${channel} leaves=${leaves} opening=${opening} onSlash=${reload} />
        </main>
        <${Drawer} side="right" label="Services and faults" fixed=${wide} open=${drawer === 'panel'} onClose=${closeDrawer}>
          <${SidePanel} state=${state} faults=${playground.faults} api=${api} />
        <//>
      </div>
      ${
        modal &&
        html`<${ModalDialog} key=${modal.id} modal=${modal} application=${state.application.name} onClose=${() => session.closeModal(modal)}
        onSubmit=${(components: readonly unknown[]) => session.submit(modal, components)} />`
      }
    </div>
  <//>`
}

/** What happens to a handshake: frames of the peer, and answers to the effects of `handshake-machine.ts`. */
import type { AuthReply, AuthSecrets } from '../../auth/contract.ts'
import type { Banner } from './banner.ts'
import type { ControlFrame, Frame } from './frame.ts'

type FrameOf<Tag extends ControlFrame['_tag']> = Extract<ControlFrame, { readonly _tag: Tag }>

// Frames that have a place in a handshake, by the name of their event.
const RECEIVED = {
  HELLO: 'HelloReceived',
  AUTH_REQUEST: 'AuthRequestReceived',
  AUTH_BAD_METHOD: 'AuthBadMethodReceived',
  AUTH_REPLY_MORE: 'AuthReplyMoreReceived',
  AUTH_REQUEST_MORE: 'AuthRequestMoreReceived',
  AUTH_DONE: 'AuthDoneReceived',
  AUTH_SIGNATURE: 'AuthSignatureReceived',
  CLIENT_IDENT: 'ClientIdentReceived',
  SERVER_IDENT: 'ServerIdentReceived',
  IDENT_MISSING_FEATURES: 'IdentMissingFeaturesReceived',
  SESSION_RECONNECT: 'SessionReconnectReceived',
  SESSION_RESET: 'SessionResetReceived',
  SESSION_RETRY: 'SessionRetryReceived',
  SESSION_RETRY_GLOBAL: 'SessionRetryGlobalReceived',
  SESSION_RECONNECT_OK: 'SessionReconnectOkReceived',
  WAIT: 'WaitReceived',
} as const

type Received = typeof RECEIVED
type FrameEvent = {
  [Tag in keyof Received]: { readonly type: Received[Tag]; readonly frame: FrameOf<Tag> }
}[keyof Received]

/** The frames with which the two sides agree on a session. */
export type SessionFrame = FrameOf<
  | 'CLIENT_IDENT'
  | 'SERVER_IDENT'
  | 'IDENT_MISSING_FEATURES'
  | 'SESSION_RECONNECT'
  | 'SESSION_RESET'
  | 'SESSION_RETRY'
  | 'SESSION_RETRY_GLOBAL'
  | 'SESSION_RECONNECT_OK'
  | 'WAIT'
>

type ReplyOf<Tag extends AuthReply['_tag']> = Extract<AuthReply, { readonly _tag: Tag }>

/** Answers AskAuth and AskAuthMore. */
type AuthRepliedEvent =
  | { readonly type: 'AuthRepliedMore'; readonly reply: ReplyOf<'AuthReplyMore'> }
  | { readonly type: 'AuthRepliedDone'; readonly reply: ReplyOf<'AuthDone'> }
  | { readonly type: 'AuthRepliedBadMethod'; readonly reply: ReplyOf<'AuthBadMethod'> }
  | { readonly type: 'AuthRepliedDrop'; readonly reply: ReplyOf<'AuthDrop'> }

export type HandshakeEvent =
  | { readonly type: 'BannerReceived'; readonly banner: Banner }
  | FrameEvent
  /** A frame that belongs to a connection that stands. */
  | { readonly type: 'EarlyFrameReceived'; readonly frame: Frame }
  | AuthRepliedEvent
  /** Answers ContinueAuth. */
  | { readonly type: 'AuthContinued'; readonly payload: Buffer }
  /** Answers FinishAuth. */
  | { readonly type: 'AuthFinished'; readonly mode: number; readonly secrets: AuthSecrets }
  /** Answers ContinueAuth and FinishAuth: the peer, or our key, is not what it should be. */
  | { readonly type: 'AuthFailed'; readonly reason: string }
  /** Answers Sign: the signature to send, and the one to expect. */
  | { readonly type: 'Signed'; readonly own: Buffer; readonly expected: Buffer }
  /** Answer OpenSession and JudgeSession on the connecting side: how to ask for the session. */
  | { readonly type: 'IdentChosen'; readonly frame: FrameOf<'CLIENT_IDENT'> }
  | { readonly type: 'ReconnectChosen'; readonly frame: FrameOf<'SESSION_RECONNECT'> }
  /** Answers JudgeSession on the connecting side: the session stands with the frame that was judged. */
  | { readonly type: 'SessionEstablished' }
  /** Answers JudgeSession on the accepting side: the peer has to ask in another way. */
  | { readonly type: 'SessionCorrected'; readonly frame: SessionFrame }
  /** Answers JudgeSession on the accepting side: the session stands with this frame. */
  | { readonly type: 'SessionAccepted'; readonly frame: SessionFrame }
  /** Answers OpenSession and JudgeSession: there is nothing to do here any more. */
  | { readonly type: 'SessionRefused'; readonly reason: string }
  | { readonly type: 'HandshakeTimeout' }

/** The event of a frame that arrived before the connection stands. */
export const handshakeEventOf = (frame: Frame): HandshakeEvent =>
  frame._tag in RECEIVED
    ? // The table pairs each tag with its event, which the compiler cannot follow through an index.
      ({ type: RECEIVED[frame._tag as keyof Received], frame } as FrameEvent)
    : { type: 'EarlyFrameReceived', frame }

/** The event of the node's answer to a peer that authenticates. */
export const authRepliedEvent = (reply: AuthReply): HandshakeEvent => {
  switch (reply._tag) {
    case 'AuthReplyMore':
      return { type: 'AuthRepliedMore', reply }
    case 'AuthDone':
      return { type: 'AuthRepliedDone', reply }
    case 'AuthBadMethod':
      return { type: 'AuthRepliedBadMethod', reply }
    case 'AuthDrop':
      return { type: 'AuthRepliedDrop', reply }
  }
}

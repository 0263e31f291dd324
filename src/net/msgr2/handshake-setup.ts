/**
 * The words of the handshake machine: its context, its guards, and the effects that it asks for. What it does with
 * them is in `handshake-machine.ts`.
 */
import { assign, setup } from 'xstate'
import { CON_MODE, type AuthClient } from '../../auth/contract.ts'
import { machineTypes } from '../../base/drive.ts'
import type { EntityAddr } from '../../codec/type/entity-addr.ts'
import { MSGR2_FEATURES_REQUIRED, MSGR2_FEATURES_SUPPORTED, type Banner } from './banner.ts'
import type { ControlFrame } from './frame.ts'
import type { HandshakeEvent, SessionFrame } from './handshake-event.ts'
import { AUTH_ROUNDS_MAX, SESSION_ROUNDS_MAX } from './limit.ts'
import { CONNECTION_SECRET_BYTES, sameSignature } from './secure.ts'

export type Side = 'accepting' | 'connecting'

export type HandshakeInput = {
  readonly ownType: number
  /** The peer as our socket sees it. */
  readonly peerAddr: EntityAddr
} & (
  | { readonly side: 'accepting' }
  /** `peerType` is whom we expect, `request` what our key begins with. */
  | { readonly side: 'connecting'; readonly peerType: number; readonly request: AuthClient['request'] }
)

export interface HandshakeContext {
  readonly side: Side
  readonly ownType: number
  readonly peerAddr: EntityAddr
  /** Entity type; 0 while the peer has not said it. */
  readonly peerType: number
  readonly request: AuthClient['request']
  /** What the peer must sign, once AUTH_DONE has passed. */
  readonly expectedSignature: Buffer
  /** AUTH_REQUEST and AUTH_REQUEST_MORE, CLIENT_IDENT and SESSION_RECONNECT frames so far. */
  readonly authRounds: number
  readonly sessionRounds: number
}

type AuthRequest = Extract<ControlFrame, { readonly _tag: 'AUTH_REQUEST' }>

// A secret too short for keys means that secure mode was agreed with a method that has none.
const modeFits = (mode: number, secret: Buffer): boolean =>
  mode === CON_MODE.crc || (mode === CON_MODE.secure && secret.length >= CONNECTION_SECRET_BYTES)

export const handshakeSetup = setup({
  types: machineTypes<{ context: HandshakeContext; events: HandshakeEvent; input: HandshakeInput }>(),
  actions: {
    SendBanner: () => undefined,
    /** The layout of all frames from now on, from what the peer's banner supports. */
    UseBanner: (_, _params: { readonly banner: Banner }) => undefined,
    SendFrame: (_, _params: { readonly frame: ControlFrame }) => undefined,
    /** Connecting: the peer says which address we come from. */
    LearnAddr: (_, _params: { readonly addr: EntityAddr }) => undefined,
    /** Accepting: answered by AuthReplied…, as is AskAuthMore. */
    AskAuth: (_, _params: { readonly peerType: number; readonly request: AuthRequest }) => undefined,
    AskAuthMore: (_, _params: { readonly payload: Buffer }) => undefined,
    /** Connecting: answered by AuthContinued or AuthFailed. */
    ContinueAuth: (_, _params: { readonly payload: Buffer }) => undefined,
    /** Connecting: answered by AuthFinished or AuthFailed. */
    FinishAuth: (
      _,
      _params: { readonly globalId: bigint; readonly mode: number; readonly payload: Buffer },
    ) => undefined,
    /** Answered by Signed. The bytes so far need not be kept any longer. */
    Sign: (_, _params: { readonly sessionKey: Buffer | undefined }) => undefined,
    /** In secure mode all frames from now on, in both directions, are sealed. */
    UseSecret: (_, _params: { readonly mode: number; readonly secret: Buffer }) => undefined,
    /** Connecting: how to ask for the session; answered by IdentChosen, ReconnectChosen or SessionRefused. */
    OpenSession: () => undefined,
    /**
     * What to make of the peer's frame. Answered on the accepting side by SessionCorrected, SessionAccepted or
     * SessionRefused; on the connecting side by IdentChosen, ReconnectChosen, SessionEstablished or SessionRefused.
     */
    JudgeSession: (_, _params: { readonly frame: SessionFrame; readonly peerType: number }) => undefined,
    /** The handshake is over and the socket belongs to the session. */
    AdoptSession: () => undefined,
    Close: (_, _params: { readonly reason: string }) => undefined,

    rememberPeerType: assign((_, params: { readonly peerType: number }) => params),
    rememberSignature: assign((_, params: { readonly expectedSignature: Buffer }) => params),
    countAuthRound: assign({ authRounds: ({ context }) => context.authRounds + 1 }),
    countSessionRound: assign({ sessionRounds: ({ context }) => context.sessionRounds + 1 }),
  },
  guards: {
    accepting: ({ context }) => context.side === 'accepting',
    bannerFits: (_, { banner }: { readonly banner: Banner }) =>
      (banner.required & ~MSGR2_FEATURES_SUPPORTED) === 0n &&
      (MSGR2_FEATURES_REQUIRED & ~banner.supported) === 0n,
    isExpectedPeer: ({ context }, { peerType }: { readonly peerType: number }) =>
      peerType === context.peerType,
    authRoundsLeft: ({ context }) => context.authRounds < AUTH_ROUNDS_MAX,
    sessionRoundsLeft: ({ context }) => context.sessionRounds < SESSION_ROUNDS_MAX,
    modeFits: (_, { mode, secret }: { readonly mode: number; readonly secret: Buffer }) =>
      modeFits(mode, secret),
    modeOffered: ({ context }, { mode }: { readonly mode: number }) => context.request.modes.includes(mode),
    signatureFits: ({ context }, { signature }: { readonly signature: Buffer }) =>
      sameSignature(signature, context.expectedSignature),
  },
})

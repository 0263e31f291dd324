/**
 * The handshake of one socket, both sides: banner, HELLO, authentication, signatures, session. The machine decides
 * what is sent and in what order, and which frame has no place. What it cannot know it asks, by an effect that is
 * answered by an event: who may enter (AskAuth), what our key says (ContinueAuth, FinishAuth), the signatures of
 * the bytes so far (Sign), which session a peer continues (OpenSession, JudgeSession).
 *
 * States carry the names of ceph src/msg/async/ProtocolV2.h. AUTH_DECIDING, SIGNING and SESSION_DECIDING wait for an
 * answer of our own side; a frame of the peer that arrives in them, or anywhere else out of turn, ends the handshake.
 */
import type { AuthClient } from '../../auth/contract.ts'
import { drive, type EffectOf } from '../../base/drive.ts'
import type { Banner } from './banner.ts'
import type { ControlFrame } from './frame.ts'
import type { SessionFrame } from './handshake-event.ts'
import { handshakeSetup, type HandshakeContext } from './handshake-setup.ts'

const NO_REQUEST: AuthClient['request'] = { method: 0, modes: [], payload: Buffer.alloc(0) }

type AuthBadMethod = Extract<ControlFrame, { readonly _tag: 'AUTH_BAD_METHOD' }>

interface SignedEvent {
  readonly own: Buffer
  readonly expected: Buffer
}

const bannerOf = ({ event }: { event: { readonly banner: Banner } }) => ({ banner: event.banner })

const close = (reason: string) =>
  ({ target: '#handshake.CLOSED', actions: [{ type: 'Close', params: { reason } }] }) as const

const describeRefusal = (frame: AuthBadMethod): string =>
  `authentication refused: result ${frame.result}, ` +
  `methods [${frame.allowedMethods.join()}], modes [${frame.allowedModes.join()}]`

// The session's side of the handshake is the same question whatever the frame.
const judge = {
  target: 'SESSION_DECIDING',
  guard: 'sessionRoundsLeft',
  actions: [
    'countSessionRound',
    {
      type: 'JudgeSession',
      params: ({
        event,
        context,
      }: {
        event: { readonly frame: SessionFrame }
        context: HandshakeContext
      }) => ({
        frame: event.frame,
        peerType: context.peerType,
      }),
    },
  ],
} as const

const sendFrame = {
  type: 'SendFrame',
  params: ({ event }: { event: { readonly frame: ControlFrame } }) => ({ frame: event.frame }),
} as const

const tooManyRounds = close('too many rounds')

const onBanner = <Next extends string>(target: Next) =>
  [
    {
      guard: { type: 'bannerFits', params: bannerOf },
      target,
      actions: [
        { type: 'UseBanner', params: bannerOf },
        {
          type: 'SendFrame',
          params: ({ context }: { context: HandshakeContext }) => ({
            frame: { _tag: 'HELLO', entityType: context.ownType, peerAddr: context.peerAddr } as const,
          }),
        },
      ],
    },
    close('peer requires messenger features that are not supported'),
  ] as const

const signed = [
  {
    type: 'rememberSignature',
    params: ({ event }: { event: SignedEvent }) => ({ expectedSignature: event.expected }),
  },
  {
    type: 'SendFrame',
    params: ({ event }: { event: SignedEvent }) => ({
      frame: { _tag: 'AUTH_SIGNATURE', signature: event.own } as const,
    }),
  },
] as const

const signatureFits = {
  type: 'signatureFits',
  params: ({ event }: { event: { readonly frame: { readonly signature: Buffer } } }) => event.frame,
} as const

const badSignature = close('signature of the handshake does not match')

/** The machine itself, for those who draw or enumerate it; to run it use `handshake`. */
export const handshakeMachine = handshakeSetup.createMachine({
  id: 'handshake',
  context: ({ input }) => ({
    side: input.side,
    ownType: input.ownType,
    peerAddr: input.peerAddr,
    peerType: input.side === 'connecting' ? input.peerType : 0,
    request: input.side === 'connecting' ? input.request : NO_REQUEST,
    expectedSignature: Buffer.alloc(0),
    authRounds: 0,
    sessionRounds: 0,
  }),
  initial: 'NONE',
  on: {
    HandshakeTimeout: close('handshake timed out'),
    AuthFailed: {
      target: '#handshake.CLOSED',
      actions: [{ type: 'Close', params: ({ event }) => ({ reason: event.reason }) }],
    },
    SessionRefused: {
      target: '#handshake.CLOSED',
      actions: [{ type: 'Close', params: ({ event }) => ({ reason: event.reason }) }],
    },
    '*': {
      target: '#handshake.CLOSED',
      actions: [{ type: 'Close', params: ({ event }) => ({ reason: `${event.type} out of turn` }) }],
    },
  },
  states: {
    NONE: {
      entry: ['SendBanner'],
      always: [{ guard: 'accepting', target: 'BANNER_ACCEPTING' }, { target: 'BANNER_CONNECTING' }],
    },

    BANNER_ACCEPTING: { on: { BannerReceived: onBanner('HELLO_ACCEPTING') } },
    HELLO_ACCEPTING: {
      on: {
        HelloReceived: {
          target: 'AUTH_ACCEPTING',
          actions: [
            { type: 'rememberPeerType', params: ({ event }) => ({ peerType: event.frame.entityType }) },
          ],
        },
      },
    },
    AUTH_ACCEPTING: {
      on: {
        AuthRequestReceived: [
          {
            guard: 'authRoundsLeft',
            target: 'AUTH_DECIDING',
            actions: [
              'countAuthRound',
              {
                type: 'AskAuth',
                params: ({ event, context }) => ({ peerType: context.peerType, request: event.frame }),
              },
            ],
          },
          tooManyRounds,
        ],
      },
    },
    AUTH_ACCEPTING_MORE: {
      on: {
        AuthRequestMoreReceived: [
          {
            guard: 'authRoundsLeft',
            target: 'AUTH_DECIDING',
            actions: [
              'countAuthRound',
              { type: 'AskAuthMore', params: ({ event }) => ({ payload: event.frame.payload }) },
            ],
          },
          tooManyRounds,
        ],
      },
    },
    AUTH_DECIDING: {
      on: {
        AuthRepliedMore: {
          target: 'AUTH_ACCEPTING_MORE',
          actions: [
            {
              type: 'SendFrame',
              params: ({ event }) => ({ frame: { _tag: 'AUTH_REPLY_MORE', payload: event.reply.payload } }),
            },
          ],
        },
        AuthRepliedBadMethod: {
          target: 'AUTH_ACCEPTING',
          actions: [
            {
              type: 'SendFrame',
              params: ({ event: { reply } }) => ({ frame: { ...reply, _tag: 'AUTH_BAD_METHOD' } }),
            },
          ],
        },
        AuthRepliedDrop: {
          target: 'CLOSED',
          actions: [{ type: 'Close', params: ({ event }) => ({ reason: event.reply.reason }) }],
        },
        AuthRepliedDone: [
          {
            guard: {
              type: 'modeFits',
              params: ({ event: { reply } }) => ({ mode: reply.mode, secret: reply.connectionSecret }),
            },
            target: 'SIGNING',
            actions: [
              {
                type: 'SendFrame',
                params: ({ event: { reply } }) => ({
                  frame: {
                    _tag: 'AUTH_DONE',
                    globalId: reply.globalId,
                    mode: reply.mode,
                    payload: reply.payload,
                  },
                }),
              },
              {
                type: 'UseSecret',
                params: ({ event: { reply } }) => ({ mode: reply.mode, secret: reply.connectionSecret }),
              },
              { type: 'Sign', params: ({ event }) => ({ sessionKey: event.reply.sessionKey }) },
            ],
          },
          close('secure mode without a connection secret'),
        ],
      },
    },

    BANNER_CONNECTING: { on: { BannerReceived: onBanner('HELLO_CONNECTING') } },
    HELLO_CONNECTING: {
      on: {
        HelloReceived: [
          {
            guard: { type: 'isExpectedPeer', params: ({ event }) => ({ peerType: event.frame.entityType }) },
            target: 'AUTH_CONNECTING',
            actions: [
              { type: 'LearnAddr', params: ({ event }) => ({ addr: event.frame.peerAddr }) },
              {
                type: 'SendFrame',
                params: ({ context }) => ({ frame: { _tag: 'AUTH_REQUEST', ...context.request } }),
              },
            ],
          },
          close('peer is of another type than expected'),
        ],
      },
    },
    AUTH_CONNECTING: {
      on: {
        AuthBadMethodReceived: {
          target: 'CLOSED',
          actions: [
            {
              type: 'Close',
              params: ({ event: { frame } }) => ({ reason: describeRefusal(frame) }),
            },
          ],
        },
        AuthReplyMoreReceived: [
          {
            guard: 'authRoundsLeft',
            actions: [
              'countAuthRound',
              { type: 'ContinueAuth', params: ({ event }) => ({ payload: event.frame.payload }) },
            ],
          },
          tooManyRounds,
        ],
        AuthContinued: {
          actions: [
            {
              type: 'SendFrame',
              params: ({ event }) => ({ frame: { _tag: 'AUTH_REQUEST_MORE', payload: event.payload } }),
            },
          ],
        },
        AuthDoneReceived: [
          {
            guard: { type: 'modeOffered', params: ({ event }) => ({ mode: event.frame.mode }) },
            actions: [{ type: 'FinishAuth', params: ({ event: { frame } }) => frame }],
          },
          close('peer chose a mode that was not offered'),
        ],
        AuthFinished: [
          {
            guard: {
              type: 'modeFits',
              params: ({ event }) => ({ mode: event.mode, secret: event.secrets.connectionSecret }),
            },
            target: 'SIGNING',
            actions: [
              {
                type: 'UseSecret',
                params: ({ event }) => ({ mode: event.mode, secret: event.secrets.connectionSecret }),
              },
              { type: 'Sign', params: ({ event }) => ({ sessionKey: event.secrets.sessionKey }) },
            ],
          },
          close('secure mode without a connection secret'),
        ],
      },
    },

    SIGNING: {
      on: {
        Signed: [
          { guard: 'accepting', target: 'AUTH_ACCEPTING_SIGN', actions: signed },
          { target: 'AUTH_CONNECTING_SIGN', actions: signed },
        ],
      },
    },
    AUTH_ACCEPTING_SIGN: {
      on: {
        AuthSignatureReceived: [{ guard: signatureFits, target: 'SESSION_ACCEPTING' }, badSignature],
      },
    },
    AUTH_CONNECTING_SIGN: {
      on: {
        AuthSignatureReceived: [
          { guard: signatureFits, target: 'SESSION_DECIDING', actions: ['OpenSession'] },
          badSignature,
        ],
      },
    },

    SESSION_ACCEPTING: {
      on: {
        ClientIdentReceived: [judge, tooManyRounds],
        SessionReconnectReceived: [judge, tooManyRounds],
      },
    },
    SESSION_CONNECTING: {
      on: {
        ServerIdentReceived: [judge, tooManyRounds],
        IdentMissingFeaturesReceived: [judge, tooManyRounds],
        WaitReceived: [judge, tooManyRounds],
      },
    },
    SESSION_RECONNECTING: {
      on: {
        SessionReconnectOkReceived: [judge, tooManyRounds],
        SessionRetryReceived: [judge, tooManyRounds],
        SessionRetryGlobalReceived: [judge, tooManyRounds],
        SessionResetReceived: [judge, tooManyRounds],
        WaitReceived: [judge, tooManyRounds],
      },
    },
    SESSION_DECIDING: {
      on: {
        IdentChosen: { target: 'SESSION_CONNECTING', actions: [sendFrame] },
        ReconnectChosen: { target: 'SESSION_RECONNECTING', actions: [sendFrame] },
        SessionCorrected: { target: 'SESSION_ACCEPTING', actions: [sendFrame] },
        SessionAccepted: { target: 'READY', actions: [sendFrame, 'AdoptSession'] },
        SessionEstablished: { target: 'READY', actions: ['AdoptSession'] },
      },
    },

    READY: { type: 'final' },
    CLOSED: { type: 'final' },
  },
})

export type HandshakeEffect = EffectOf<typeof handshakeMachine>

/** Runs the handshake: `(snapshot, event) → [snapshot', effects]`. */
export const handshake = drive(handshakeMachine)

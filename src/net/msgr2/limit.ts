/** What the messenger accepts from a peer, and what it keeps for one. Every number is enforced where it is named. */

/** All segments of one frame once the peer is authenticated. Ceph has no such limit; a full map is far below it. */
export const FRAME_BYTES_MAX = 64 * 1024 * 1024
/** All segments of one frame until a connection stands: a ticket blob is below 1 KiB, so is an IDENT frame. */
export const FRAME_BYTES_MAX_BEFORE_READY = 64 * 1024
/** All that a peer may say until AUTH_DONE; it is kept for AUTH_SIGNATURE. */
export const TRANSCRIPT_BYTES_MAX = 1024 * 1024
/** The front of a message to us from whoever is no monitor. It is decoded at once; bulk travels as data. */
export const FRONT_BYTES_MAX = 8 * 1024 * 1024
/** The banner's payload is two u64; a later revision may append. */
export const BANNER_PAYLOAD_BYTES_MAX = 1024
/** Addresses in one IDENT frame. */
export const ADDRS_MAX = 64
/** Methods and modes in AUTH_REQUEST and AUTH_BAD_METHOD. */
export const AUTH_CHOICES_MAX = 64
/** AUTH_REQUEST and AUTH_REQUEST_MORE frames in one handshake; cephx needs two, a change of method two more. */
export const AUTH_ROUNDS_MAX = 8
/** CLIENT_IDENT and SESSION_RECONNECT frames in one handshake; a restart on both sides needs three. */
export const SESSION_ROUNDS_MAX = 16

/** Until a connection stands. Source: ceph ms_connection_ready_timeout. */
export const READY_TIMEOUT_MS = 10_000
/** Without a byte from the peer. Source: ceph ms_connection_idle_timeout. */
export const IDLE_TIMEOUT_MS = 900_000
/** Between attempts to reach a lossless peer, doubling. Source: ceph ms_initial_backoff, ms_max_backoff. */
export const BACKOFF_MS_INITIAL = 200
export const BACKOFF_MS_MAX = 15_000

/** Messages kept for one lossless peer: waiting to be sent, and sent but not acknowledged. */
export const QUEUE_MESSAGES_MAX = 65_536
/** Payload bytes kept for one lossless peer. */
export const QUEUE_BYTES_MAX = 256 * 1024 * 1024
/**
 * A message acknowledges all that came before it, so an ACK frame is only for a peer that we have nothing to say to:
 * at the latest after this time, or after this many messages. One for each message was a third of all frames.
 */
export const ACK_DELAY_MS = 200
export const ACK_MESSAGES_MAX = 32
/** Bytes that the socket of a lossy peer has not taken, or that wait for it to stand. */
export const UNSENT_BYTES_MAX = 64 * 1024 * 1024
/**
 * Bytes of all sockets but monitors' together: frames that are not complete, and what is not sent. Who holds the
 * most gives way. Source of the purpose: ceph mon_client_bytes, ms_dispatch_throttle_bytes.
 */
export const HELD_BYTES_MAX = 256 * 1024 * 1024
/** Lossy connections that stand. Monitors, who have proved that they are, are not counted. */
export const CONNECTIONS_MAX = 16_384
/** Sockets whose handshake is not over. The oldest gives way to a new one. */
export const HANDSHAKES_MAX = 1024

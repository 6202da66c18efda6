/**
 * Every bound in the system, with its unit and its reason. What comes from outside is checked against these where it
 * enters. A bound that only one file knows is a bound nobody finds.
 */
const KiB = 1024
const MiB = 1024 * KiB

/** A workflow's source text: people write these by hand; the control plane keeps every version. */
export const MAX_WORKFLOW_BYTES = 256 * KiB
/** Nesting of YAML/JSON input: deeper than any honest document, shallow enough for recursive readers. */
export const MAX_JSON_DEPTH = 256
/** Input, output or context of an execution or a task, as JSON text: ten times what orchestrators usually allow. */
export const MAX_DATA_BYTES = 16 * MiB
/** Values above this travel by content id beside the record, so that a record stays one small message. */
export const MAX_INLINE_BYTES = 4 * KiB
/** One encoded record without its blobs. */
export const MAX_RECORD_BYTES = 256 * KiB
/** One frame of a session stream; larger payloads are sent in chunks. */
export const MAX_FRAME_BYTES = 1 * MiB
/** One gossip message: above the receiver's limit it would poison the link (see docs), so senders check first. */
export const MAX_GOSSIP_BYTES = 128 * KiB
/** A function's artefact, `node_modules` included. */
export const MAX_ARTEFACT_BYTES = 64 * MiB
/** Body of an HTTP request other than a blob. */
export const MAX_API_BODY_BYTES = MAX_DATA_BYTES + 1 * MiB
/** Replicas of one set. */
export const MAX_COPIES = 5

/** One command to the control plane, encoded: a workflow's source and what goes with it. */
export const MAX_COMMAND_BYTES = MAX_WORKFLOW_BYTES + 16 * KiB
/** Commands a client may have under way; their answers are kept until it has seen them. */
export const MAX_SESSION_COMMANDS = 64
/** Client sessions remembered, so that a repeated command is applied once; the longest unused goes first. */
export const MAX_CONTROL_SESSIONS = 4096
/** Peers ever admitted; far above what one group can serve. */
export const MAX_MEMBERS = 4096
/** Invites not yet expired. */
export const MAX_INVITES = 1024
/** Versions of functions, and of workflows: every one is kept for ever. */
export const MAX_VERSIONS = 16_384
/** What all versions of workflows together may have, because every peer keeps a copy. */
export const MAX_WORKFLOWS_BYTES = 64 * MiB
export const MAX_POLICIES = 256
/** Replica sets per region and number of copies: about one a peer, up to here. */
export const MAX_SETS_PER_REGION = 64
export const MAX_SETS = 4096
/** Intents of executions not yet retired. One forgotten could be held twice, so above this new ones are refused. */
export const MAX_INTENTS = 262_144
/** Bindings of idempotency keys; above this the oldest confirmed one is forgotten. */
export const MAX_KEYS = 131_072
/** One page of what a peer has not seen yet of the view. */
export const MAX_VIEW_PAGE_BYTES = 512 * KiB
/** Files in a function's folder; more is a build directory by mistake. */
export const MAX_ARTEFACT_FILES = 16_384
/** Of one path in an artefact, in UTF-8. */
export const MAX_ARTEFACT_PATH_BYTES = 512
/** One piece of an artefact on the way to another peer: well under a frame, so that others get their turn. */
export const ARTEFACT_CHUNK_BYTES = 256 * KiB
/** Artefacts up to here are fetched by every peer when they are deployed, so that the first call finds them. */
export const MAX_EAGER_ARTEFACT_BYTES = 1 * MiB

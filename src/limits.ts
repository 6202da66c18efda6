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

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
/** Values in a workflow's document after aliases are put in place: what aliases of aliases may grow to. */
export const MAX_DOCUMENT_NODES = 200_000
/** Warnings about one workflow; who has more reads none. */
export const MAX_WARNINGS = 100
/** Tasks of one workflow: the fan-outs of a generated document; each is an entry of the plan every peer keeps. */
export const MAX_TASKS = 10_000
/** Task lists inside task lists: frames travel inside each record. */
export const MAX_TASK_NESTING = 32
/** Characters of the name of a task, a variable, a label or a hint. */
export const MAX_NAME_LENGTH = 128
/** Longest duration a workflow may ask for, in ms: ten years of 365 days. */
export const MAX_DURATION_MS = 3650 * 86_400_000
/** Attempts a retry policy may ask for. */
export const MAX_RETRY_ATTEMPTS = 10_000
/** Items of a parallel map, or calls of one function on one peer, at once. */
export const MAX_CONCURRENCY = 1_000
/** Longest call of a function, in ms: a day; what takes longer is several tasks. */
export const MAX_CALL_MS = 86_400_000
/** How long an idle worker of a function may be kept, in ms. */
export const MAX_KEEP_WARM_MS = 7 * 86_400_000
/** Kinds of accelerators, or labels, that a function may ask for. */
export const MAX_REQUIREMENTS = 64
/** Memory a function may ask for, in bytes: more than a peer of ours ever has. */
export const MAX_FUNCTION_MEMORY_BYTES = 1024 * 1024 * MiB
/** Steps of one check of a value against a JSON Schema: about half a second of work. */
export const MAX_SCHEMA_STEPS = 1_000_000
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
/** Bodies of HTTP requests that are being read at one moment, together: what is above waits at its sender (429). */
export const MAX_API_READING_BYTES = 256 * MiB
/** Steps of the pure machine between two records: a loop of pure tasks must not hold a peer, nor its trace fill a record. */
export const MAX_OPERATIONS_PER_RECORD = 512
/** Children of one branch open at a time: a record names all that it opens or closes. Wider forks open as others end. */
export const MAX_OPEN_CHILDREN = 1024
/** Executions that other peers watch here; whoever is one too many looks for itself now and then. */
export const MAX_WATCHED_EXECUTIONS = 16_384
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
/** Retired executions of which it is remembered that they made exclusive calls; about 6 MB. */
export const MAX_RETIRED = 131_072
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
/** One key of the store: ids joined by `/`. */
export const MAX_KEY_BYTES = 1 * KiB
/** Batches that share one synced write: enough for a thousand small ones, and a large one does not hold them up long. */
export const MAX_GROUP_BYTES = 8 * MiB
export const MAX_GROUP_WRITES = 4096
/** What one call of a function may log; what follows is dropped and said so. */
export const MAX_CALL_LOG_BYTES = 64 * KiB
/** Lines of an execution's logs that one peer shows. */
export const MAX_LOG_LINES = 10_000
/** What a peer lets wait for one function before it refuses (OverloadedError). */
export const MAX_QUEUED_CALLS = 10_000
/** Body of one session request, answer or message on the bulk channel, where it is cut into chunks: any data plus its frame. */
export const MAX_SESSION_BODY_BYTES = MAX_DATA_BYTES + 1 * MiB
/** The same on the control channel: one frame, so that heartbeats behind it wait milliseconds. */
export const MAX_CONTROL_BODY_BYTES = MAX_FRAME_BYTES - 4 * KiB
/** One chunk of a large body: between two of them the stream may be paused. */
export const SESSION_CHUNK_BYTES = 256 * KiB
/** Waiting to be sent to one peer on one channel; above it a sender is refused at once. */
export const MAX_QUEUED_BYTES = { control: 4 * MiB, bulk: 2 * (MAX_DATA_BYTES + 1 * MiB) }
export const MAX_QUEUED_FRAMES = 16_384
/** Requests of one peer being answered at once; above it they are refused as overloaded. */
export const MAX_SERVED_REQUESTS = 4096
/** One message of the admission handshake. */
export const MAX_HANDSHAKE_BYTES = 16 * KiB
/** A join token as text; people paste it. */
export const MAX_TOKEN_CHARS = 4096
/** Peers remembered with their addresses; the longest unseen is forgotten first. */
export const MAX_KNOWN_PEERS = 1024
/** Peers dialled by our own will; beyond it a mesh is no longer fully connected. */
export const MAX_DIALLED_PEERS = 64
/** Peers in one exchanged list. */
export const MAX_LISTED_PEERS = 256
/** Addresses and labels one peer may announce, and the length of each text in its facts. */
export const MAX_ADDRESSES = 16
export const MAX_LABELS = 64
export const MAX_FACT_CHARS = 256

/** One jq expression; also what keeps a program within the stack of jq's command line. */
export const MAX_EXPRESSION_CHARS = 16 * KiB
/** Nesting of an expression's text: far above what people write, far below any stack. */
export const MAX_EXPRESSION_DEPTH = 100
/** Work of the own evaluator in one evaluation, about 50 ns each: what costs more leaves the event loop, to real jq. */
export const MAX_EXPRESSION_STEPS = 2_000_000
/** Nested evaluations in `recurse` and the like before real jq takes over. */
export const MAX_EVALUATION_DEPTH = 500
/** Compiled expressions kept; the longest unused is compiled again. */
export const MAX_CACHED_EXPRESSIONS = 2048
/** Expressions of one `evaluate` effect. */
export const MAX_EVALUATED_PROGRAMS = 256
/** From here on a value of the store has a file of its own: a file's extra sync then costs less than LevelDB's rewriting. */
export const LARGE_VALUE_BYTES = 128 * KiB

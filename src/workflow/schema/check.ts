export type SchemaCheck = { ok: true } | { ok: false, pointer: string, message: string }

/** Whether a value fits a JSON Schema that compileWorkflow has let pass. Pure and bounded; the first mistake found. */
export function checkSchema (_schema: unknown, _value: unknown): SchemaCheck { throw new Error('not built') }

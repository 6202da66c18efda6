/** `/openapi.json`, made of the routes themselves and the schemas that check them. */
import { z } from 'zod'
import { problem } from './schemas.js'
import type { AnswerSpec, BodySpec, Route } from './route.js'

type Json = Record<string, unknown>

export function describeApi (routes: readonly Route[], version: string): Json {
  const components: Json = {}
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace('{+', '{')
    paths[path] = { ...paths[path], [route.method]: describeRoute(route, components) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'FlowMesh', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    components: { schemas: components, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{}, { token: [] }],
    paths
  }
}

function describeRoute (route: Route, components: Json): Json {
  const answers = Object.entries(route.answers).map(([status, answer]) => [status, describeAnswer(answer, components)])
  return {
    operationId: `${route.method}${route.path.replace(/[^a-zA-Z]+(.)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '')}`,
    summary: route.summary,
    parameters: [...pathParameters(route.path), ...queryParameters(route.query, components)],
    ...requestBody(route.body, components),
    responses: { ...Object.fromEntries(answers) as Json, default: describeAnswer({ description: 'Any other error', schema: problem }, components) }
  }
}

function describeAnswer ({ description, schema, type }: AnswerSpec, components: Json): Json {
  if (schema === undefined && type === undefined) return { description }
  const content = schema === problem ? 'application/problem+json' : type ?? 'application/json'
  return { description, content: { [content]: { schema: schema === undefined ? { type: 'string' } : toSchema(schema, 'output', components) } } }
}

function pathParameters (path: string): Json[] {
  return [...path.matchAll(/\{\+?(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
}

function queryParameters (query: z.ZodType | undefined, components: Json): Json[] {
  if (query === undefined) return []
  const { properties = {}, required = [] } = toSchema(query, 'input', components) as { properties?: Json, required?: string[] }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))
}

function requestBody (body: BodySpec<unknown>, components: Json): Json {
  switch (body.kind) {
    case 'none': return {}
    case 'bytes': return { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
    case 'text': return { requestBody: { content: { [body.type]: { schema: { type: 'string' } } } } }
    case 'json': return { requestBody: { required: true, content: { 'application/json': { schema: toSchema(body.schema, 'input', components) } } } }
  }
}

/** Schemas with an id go to `components` once and are referred to. */
function toSchema (schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const { $defs = {}, $schema: _, ...root } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as { $defs?: Record<string, Json>, $schema?: string, [key: string]: unknown }
  for (const [name, definition] of Object.entries($defs)) components[name] = withRefs(definition)
  const { id, ...rest } = root as Json & { id?: string }
  if (id === undefined) return withRefs(rest)
  components[id] = withRefs(rest)
  return { $ref: `#/components/schemas/${id}` }
}

function withRefs (schema: Json): Json {
  const { id: _, ...rest } = schema
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}

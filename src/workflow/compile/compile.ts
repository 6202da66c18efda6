/**
 * Source text to plan. The plan depends only on what the document means: it is compiled from the document with its keys in
 * order, and its id is the content id of just that.
 */
import { canonical } from '../canonical.js'
import { contentId } from '../content-id.js'
import { parseWorkflow } from '../parse.js'
import type { Plan } from '../plan.js'
import { validateDocument } from '../schema/validate.js'
import type { Warning } from '../source.js'
import { GIVEN } from './context.js'
import type { Context, Fields } from './context.js'
import { dataFlow, timeout } from './data-flow.js'
import { workflowSettings } from './settings.js'
import { taskList } from './tasks.js'
import { addWarnings } from './warnings.js'

export interface Compiled { plan: Plan, warnings: Warning[] }

/** Source text to plan. Throws InvalidInputError (file, line, column, field) or TooLargeError. */
export function compileWorkflow (text: string, file?: string): Compiled {
  const source = parseWorkflow(text, file)
  validateDocument(source, source.document)
  const document = canonical(source.document) as Fields
  const context: Context = { source, document, variables: GIVEN, byId: {}, warnings: [] }
  const plan = compile(context, document)
  addWarnings(context, plan)
  return { plan, warnings: context.warnings }
}

function compile (context: Context, document: Fields): Plan {
  const { dsl, namespace, name, version } = document['document'] as Record<string, string>
  return {
    id: contentId(new TextEncoder().encode(JSON.stringify(document))),
    dsl: dsl!,
    namespace: namespace!,
    name: name!,
    version: version!,
    flow: dataFlow(context, document, ''),
    ...timeout(context, document, ''),
    settings: workflowSettings(context),
    tasks: taskList(context, document['do'], '/do', null),
    byId: context.byId
  }
}

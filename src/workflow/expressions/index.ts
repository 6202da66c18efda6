export { checkExpression, compileExpression, evaluate } from './evaluate.js'
export { completeTemplate, evaluateTemplate } from './template.js'
export type { Answer, Compiled, Evaluation, ExpressionCheck, TemplateEvaluation } from './types.js'

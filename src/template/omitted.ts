import { omit } from '../core/omit.ts';
import type { Template } from './template.ts';

/** The same template; where its value is omitted, those of others as one list. */
export function unlessOmitted(template: Template, others: readonly Template[]): Template {
  if (template.isWorkedOut !== true && template.constant) return template;
  return {
    span: template.span,
    references: template.references,
    constant: template.constant,
    isWorkedOut: true,
    render: (scope) => {
      const value = template.render(scope);
      return value === omit ? others.flatMap((one) => one.render(scope)) : value;
    },
  };
}

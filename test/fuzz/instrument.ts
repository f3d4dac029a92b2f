import ts from 'typescript';

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** Its place in the order of insertion. */
  readonly index: number;
}

/**
 * A program with a call `__reached(n)`, n from `first` on, at the beginning of each branch: functions, arms of conditions
 * and cases, bodies of loops, what stands behind `&&`, `||` and `??`.
 */
export function instrumented(
  program: string,
  first: number,
): { readonly text: string; readonly branches: number } {
  const source = ts.createSourceFile('program.mjs', program, ts.ScriptTarget.ES2023, true, ts.ScriptKind.JS);
  const insertions: Insertion[] = [];
  let branches = 0;
  const call = (): string => `__reached(${first + branches++})`;
  const insert = (at: number, text: string): void =>
    void insertions.push({ at, text, index: insertions.length });
  const around = (node: ts.Node, before: string, after: string): void => {
    insert(node.getStart(source), before);
    insert(node.end, after);
  };
  const expression = (node: ts.Node): void => around(node, `(${call()},`, ')');
  const statement = (node: ts.Node): void => {
    if (ts.isBlock(node)) insert(node.getStart(source) + 1, `${call()};`);
    else around(node, `{${call()};`, '}');
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      if (ts.isBlock(node.body)) statement(node.body);
      else expression(node.body);
    } else if (ts.isIfStatement(node)) {
      statement(node.thenStatement);
      if (node.elseStatement !== undefined) statement(node.elseStatement);
    } else if (ts.isIterationStatement(node, false)) {
      statement(node.statement);
    } else if (ts.isCaseOrDefaultClause(node)) {
      const colon = node.getChildren(source).find(({ kind }) => kind === ts.SyntaxKind.ColonToken);
      if (colon !== undefined) insert(colon.end, `${call()};`);
    } else if (ts.isConditionalExpression(node)) {
      expression(node.whenTrue);
      expression(node.whenFalse);
    } else if (ts.isBinaryExpression(node) && /^(?:&&|\|\||\?\?)$/.test(node.operatorToken.getText(source))) {
      expression(node.right);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { text: woven(program, insertions), branches };
}

/** At one place, what closes comes first. What opens first encloses the rest; what opened last closes first. */
function woven(program: string, insertions: Insertion[]): string {
  const closes = ({ text }: Insertion): boolean => text === ')' || text === '}';
  insertions.sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    if (closes(a) !== closes(b)) return closes(a) ? -1 : 1;
    return closes(a) ? b.index - a.index : a.index - b.index;
  });
  const parts: string[] = [];
  let from = 0;
  for (const { at, text } of insertions) {
    parts.push(program.slice(from, at), text);
    from = at;
  }
  return parts.concat(program.slice(from)).join('');
}

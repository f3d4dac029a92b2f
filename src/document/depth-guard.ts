/** The deepest nesting that a document may have; beyond some hundreds the composer's recursion would end the process. */
export const maxDepth = 100;

/**
 * Follows the lexemes of YAML's lexer and tells how deep they nest, before anything recursive sees them. Call the
 * result with each lexeme and its offset; it returns the depth so far. In block style a sequence inside a mapping may
 * stand at the same column and then counts once.
 */
export function depthGuard(): (lexeme: string, offset: number) => number {
  const columns: number[] = [];
  let flow = 0;
  let lineStart = 0;
  let itemStart = -1;
  let afterScalarMark = false;

  const enter = (column: number): void => {
    while (columns.length > 0 && (columns[columns.length - 1] ?? 0) > column) columns.pop();
    if (columns[columns.length - 1] !== column) columns.push(column);
  };

  return (lexeme, offset) => {
    const isScalar = afterScalarMark;
    afterScalarMark = lexeme === '\x1f';
    if (isScalar) {
      if (itemStart < lineStart) itemStart = offset;
      const newline = lexeme.lastIndexOf('\n');
      if (newline !== -1) lineStart = offset + newline + 1;
      return columns.length + flow;
    }
    switch (lexeme) {
      case '[':
      case '{':
        if (itemStart < lineStart) itemStart = offset;
        flow += 1;
        break;
      case ']':
      case '}':
        flow = Math.max(0, flow - 1);
        break;
      case '-':
      case '?':
        if (flow === 0) enter(offset - lineStart);
        itemStart = -1;
        break;
      case ':':
        // An empty key begins where its colon stands.
        if (flow === 0) enter((itemStart < lineStart ? offset : itemStart) - lineStart);
        itemStart = -1;
        break;
      case '\x1f':
      case '\x02':
      case '\x18':
        break;
      default: {
        const newline = lexeme.lastIndexOf('\n');
        if (newline !== -1) {
          lineStart = offset + newline + 1;
          itemStart = -1;
        } else if (itemStart < lineStart && lexeme.trim() !== '') itemStart = offset;
      }
    }
    return columns.length + flow;
  };
}

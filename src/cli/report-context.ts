import { colourPaint, plainPaint } from '../core/paint.ts';
import type { ReportContext } from '../reports/choose.ts';
import { createSourceReader, openReportFile } from './files.ts';
import { bannerColumns, type Terminal, wantsColour } from './terminal.ts';

/** What reports are made with in this process. */
export function reportContext(
  options: { readonly diff: 'show' | 'hide'; readonly verbosity: number },
  terminal: Terminal,
): ReportContext {
  return {
    screen: {
      write: (text) => terminal.writeOut(text),
      columns: bannerColumns(terminal),
      rows: terminal.rows,
      paint: wantsColour(terminal) ? colourPaint : plainPaint,
      kind: terminal.outIsTerminal && terminal.env.TERM !== 'dumb' ? 'terminal' : 'stream',
    },
    openFile: openReportFile,
    verbosity: options.verbosity,
    diff: options.diff,
    source: createSourceReader(),
    clock: Date.now,
  };
}

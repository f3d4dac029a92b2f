import { Listr } from 'listr2';

/** The part of a terminal that is drawn anew all the time, with permanent text above it. */
export interface LiveView {
  /** Sets the live lines; what is more than the view has rows for is left out. */
  show(lines: readonly string[]): void;
  /** Writes above the live lines, for good. */
  print(text: string): void;
  /** Takes the live lines away and writes what is left to write. */
  close(): Promise<void>;
}

/** One task of listr2; setting its title draws it anew. */
interface Row {
  title: string;
}

/** One drawing of the live lines by listr2: it lasts until something permanent is to be written. */
interface Drawing {
  readonly rows: readonly Row[];
  end(): Promise<void>;
}

/** At most one new drawing in this time, in milliseconds: a drawing costs about as much as a task on a quick host. */
const turnMs = 100;

/**
 * A live view made of listr2 tasks. A task is one row whose title is replaced, never one row per host: listr2 redraws
 * all rows at every change, which is quadratic in their number.
 */
export function createLiveView(write: (text: string) => void, maxRows: number): LiveView {
  let lines: readonly string[] = [];
  let pending = '';
  let drawing: Drawing | null = null;
  let turning: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const fill = (): void => {
    drawing?.rows.forEach((row, index) => {
      const text = lines[index] ?? '';
      if (row.title !== text) row.title = text;
    });
  };
  const turn = async (): Promise<void> => {
    // A title that is set while the drawing ends would be drawn once more, and stay.
    const last = drawing;
    drawing = null;
    await last?.end();
    write(pending);
    pending = '';
    // One row is left free, for a task that begins soon.
    if (lines.length > 0) drawing = await draw(Math.min(maxRows, lines.length + 1), lines);
    fill();
  };
  const isDue = (): boolean => {
    const rowCount = drawing?.rows.length ?? 0;
    return pending !== '' || lines.length > rowCount;
  };
  const startTurn = (): void => {
    timer = null;
    turning = turn().finally(() => {
      turning = null;
      schedule();
    });
  };
  /** Only one turn at a time; what comes meanwhile is written by the next. */
  const schedule = (): void => {
    if (turning === null && timer === null && isDue()) timer = setTimeout(startTurn, turnMs);
  };
  return {
    show(wanted) {
      lines = wanted.slice(0, maxRows);
      schedule();
      fill();
    },
    print(text) {
      pending += text;
      schedule();
    },
    async close() {
      lines = [];
      while (turning !== null) await turning;
      if (timer !== null) clearTimeout(timer);
      await turn();
    },
  };
}

function draw(rowCount: number, lines: readonly string[]): Promise<Drawing> {
  const rows: Row[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return new Promise((ready) => {
    const tasks = Array.from({ length: rowCount }, (_, index) => ({
      title: lines[index] ?? '',
      task: async (_context: unknown, row: Row): Promise<void> => {
        rows.push(row);
        if (rows.length === rowCount) ready({ rows, end: () => stop() });
        await released;
      },
    }));
    const list = new Listr(tasks, {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: 'default',
      rendererOptions: { clearOutput: true, formatOutput: 'truncate' },
    });
    const running = list.run();
    const stop = async (): Promise<void> => {
      release();
      await running;
    };
  });
}

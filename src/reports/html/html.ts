import type { Event, Reporter } from '../../events/event.ts';
import type { Sink } from '../sink.ts';
import { htmlPage } from './page.ts';

/** One self-contained HTML file: a timeline of hosts, every task with its diffs and errors. Written when the run ends. */
export function createHtmlReporter(sink: Sink): Reporter {
  const events: Event[] = [];
  return {
    on: (event) => void events.push(event),
    close: () => {
      sink.write(htmlPage(events));
      return sink.close();
    },
  };
}

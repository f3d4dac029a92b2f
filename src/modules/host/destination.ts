import type { ShellUser } from '../../connection/connection.ts';
import type { Scope } from '../../template/template.ts';

/** The name under which the controller itself is asked and changed. */
export const controller = 'localhost';

/** A way to a host of its own: a keyword or a variable of the run says something of the connection. */
export interface Way {
  /** Equal for equal ways to a host. */
  readonly key: string;
  /** The names that count: those of the inventory among them. */
  readonly variables: Scope;
}

/** Where a request goes: a host by its inventory name, as whom, and by which way. */
export interface Destination {
  readonly host: string;
  readonly user: ShellUser;
  readonly way: Way | null;
  /** Where requests begin on this machine; on a node it is the login user's home. Absent: where hapb was started. */
  readonly folder?: string;
}
